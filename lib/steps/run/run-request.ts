import type { Force } from '../../core/delivery/due-date.ts';
import type { BusinessDate } from '../../core/feed/business-date.ts';
import { contentHash, readingSpecOf } from '../../core/feed/reading-spec.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { Owner } from '../../ports/ledger/owner.ts';
import type { StepClock } from './step-clock.ts';

/** What somebody asks for: this feed's night of that date. */
export interface RunRequest {
  readonly feed: Feed;
  readonly date: BusinessDate;
  /** Folder of the feed file; relative sources start there. */
  readonly folder: string;
  readonly owner: Owner;
  /** Length of the lease in seconds. Default: that of a machine of one's own. */
  readonly lease?: number;
  /** A held run to continue with what it pulled, whatever the source shows now. */
  readonly resumes?: RunId;
  /** Accepts a date that would be refused otherwise. */
  readonly force?: Force;
}

/** A request whose run this process owns. */
export interface OpenRun {
  readonly request: RunRequest;
  readonly run: RunId;
  readonly fence: number;
  /** The clock of a process that does all steps; absent where each step has its own process. */
  readonly clock?: StepClock;
  /** Prefix of the objects that this attempt writes. */
  readonly attempt: string;
}

/** Hash of the reading specs of all tables. While it is the same, the same bytes mean the same. */
export function readingOf(feed: Feed): string {
  const specs = Object.entries(feed.tables).map(([name, table]) => [name, readingSpecOf(table)]);
  return contentHash(specs).slice(0, 12);
}
