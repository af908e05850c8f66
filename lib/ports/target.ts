import type { Readable } from 'node:stream';
import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { BusinessDate } from '../core/feed/business-date.ts';
import type { Column, Feed } from '../core/feed/spec.ts';
import type { DiffReceipt, StageKind, TargetObject } from '../core/run/diff-receipt.ts';
import type { RunId } from '../core/run/keys.ts';
import type { RunMessage } from '../core/run/message.ts';
import type { SnapshotManifest } from '../core/run/snapshot-manifest.ts';
import type { StepTimes } from '../core/run/step-times.ts';
import type { Adoption, Survey } from './adopt.ts';
import type { DatabaseHealth } from './database-health.ts';

export interface Publication {
  readonly run: RunId;
  readonly fence: number;
  readonly feed: Feed;
  readonly changeSet: string;
  readonly receipt: DiffReceipt;
  /** Manifests by table: what becomes the base. */
  readonly snapshots: Readonly<Record<string, SnapshotManifest>>;
  /** COPY text of one table's change file, columns in declared order. */
  rows(table: string, kind: StageKind): Readable;
  message(tables: Readonly<Record<string, PublishedTable>>): RunMessage;
  /** What the run's steps took until the moment of the commit; absent where each step is a process of its own. */
  steps?(): StepTimes;
}

/** Numbers of rows that publish really wrote. */
export interface PublishedTable {
  readonly inserted: number;
  readonly updated: number;
  readonly returned: number;
  readonly gone: number;
  /** Gone rows that stay, stamped; only when a condition decides. */
  readonly retained?: number;
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly tables: Readonly<Record<string, PublishedTable>> }
  /** This run has applied the delivery before, and the answer to its COMMIT was lost. */
  | { readonly kind: 'already'; readonly tables: Readonly<Record<string, PublishedTable>> };

export interface Target {
  /**
   * Ledger, schemas, new tables, new nullable columns. Anything else: MIGRATION_NEEDED with the SQL, or TABLE_EXISTS. Throws
   * TARGET_MISSING when something is gone that the ledger says production holds.
   */
  migrate(feed: Feed, restart?: Restart): Promise<{ done: string[] }>;
  /** Objects that can change rows of the feed's tables unseen, sorted by name. */
  targetObjects(feed: Feed): Promise<TargetObject[]>;
  /** Publishes all tables in one transaction, or nothing. Throws OLDER_DELIVERY, BASE_MOVED, FENCED, DRIFT, PROOF_FAILED, DATABASE_*. */
  publish(publication: Publication): Promise<PublishOutcome>;
  /** Recomputes each table's fingerprint over all live rows, beside the ledger's. */
  audit(feed: string): Promise<{ table: string; expected: Fingerprint; found: Fingerprint }[]>;
  /** Live rows of each table of a feed, and how many are stamped as gone. */
  counts(feed: Feed): Promise<Record<string, { live: number; gone: number }>>;
  /** The existing tables of a feed, by name. Throws what `migrate` would throw, and changes nothing. */
  inspect(feed: Feed): Promise<Record<string, StandingTable>>;
  /** These columns of a table's live rows as CSV, for `importRows`. */
  liveRows(feed: Feed, table: string, columns: readonly Column[]): Readable;
  /** Only the ledger. Answers the migrations that were missing. */
  migrateLedger(): Promise<{ done: string[] }>;
  /** As `migrate`, without the ledger: throws LEDGER_VERSION unless it fits. */
  migrateTables(feed: Feed): Promise<{ done: string[] }>;
  ledgerFit(): Promise<LedgerFit>;
  /** What a feed's nights will find in the database, and which rights our role lacks for them; changes nothing. */
  health(feed: Feed): Promise<DatabaseHealth>;
  /** What stands where tables are to be taken over; changes nothing. `date` is the one that their rows stand for. */
  survey(feed: Feed, tables: readonly string[], date: BusinessDate): Promise<Survey[]>;
  /** Makes exported tables ours, in one transaction. Throws DRIFT when their rows are not those that were exported. */
  adopt(adoption: Adoption): Promise<void>;
  /** Drops the stage tables that no running attempt owns. */
  tidy(): Promise<void>;
}

/** Whether this version may work with the ledger; `older` has to be migrated first, and `newer` may be written by newer versions only. */
export type LedgerFit = 'absent' | 'older' | 'fits' | 'newer';

/** Tables of which something is gone, to be started anew: the ledger forgets what they held. */
export interface Restart {
  readonly tables: readonly string[];
  readonly by: string;
  readonly reason: string;
}

/** A table as the database has it, or will when it is made. */
export interface StandingTable {
  /** It holds rows, be they gone. */
  readonly filled: boolean;
  /** With PostgreSQL's types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Number of the last time that somebody had it started anew; null when nobody did. */
  readonly restart: number | null;
}
