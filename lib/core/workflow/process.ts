import type { LoginKind } from '../cloud/logins.ts';
import type { Zone } from '../run/keys.ts';
import type { Retry } from './retries.ts';
import type { StepName } from './workflows.ts';

/** What a step may note of its run in the ledger. */
export type Fact =
  | 'listing'
  | 'reading'
  | 'look'
  | 'delivery'
  | 'changeSet'
  | 'tables'
  | 'files'
  | 'measures'
  | 'warnings';

/** A process on AWS: how long it may take, what is tried again, and what it may do. Nothing else is allowed to it. */
export interface Process {
  readonly as: 'function' | 'stage function' | 'container' | 'Glue job';
  /** In words, for the console. */
  readonly does: string;
  /** Seconds after which AWS stops it. */
  readonly seconds: number;
  /** Empty for what no state machine calls. */
  readonly retries: readonly Retry[];
  /** At the database. The owner makes the others. null where there is none, or where each step of the process has its own. */
  readonly login: LoginKind | 'owner' | null;
  /** Steps that it does one after the other, each under the step's own login. */
  readonly steps?: readonly StepName[];
  /** Rows of the feed's tables. */
  readonly rows?: 'read' | 'write';
  /** What it may note of its run. */
  readonly notes?: readonly Fact[];
  /** Zones of the lake, of this feed only. */
  readonly read?: readonly Zone[];
  /** Who writes may read as well: an answer that was lost is made good by a look at what is there. */
  readonly write?: readonly Zone[];
  readonly remove?: readonly Zone[];
  /** Removes what is older than the feed file keeps it, and receipts with it, where the feed file has `keep`. */
  readonly ages?: boolean;
  /** The secrets that the source names, and what its kind asks for. */
  readonly vendor?: boolean;
  /** Counts the people who approved. */
  readonly counts?: boolean;
  /** Relays messages from the ledger's outbox. */
  readonly tells?: boolean;
  /** Starts the Glue job, where there is one, with a plan among the changes, and asks how it is. */
  readonly distributes?: boolean;
  /** Shows the tables of the lake in the Glue Data Catalog, where there is a database for them. */
  readonly shows?: boolean;
}
