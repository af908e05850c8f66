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
  /** Seconds for which the run is the owner's after each sign of life; those of a laptop unless told. */
  readonly lease?: number;
  /** A held run to go on with, on what it pulled, whatever lies at the source by now. */
  readonly resumes?: RunId;
  /** Lets through a date that would be refused. */
  readonly force?: Force;
}

/** An order that owns its run. */
export interface OpenRun {
  readonly request: RunRequest;
  readonly run: RunId;
  readonly fence: number;
  /** Of the process that takes all steps; absent where each step is a process of its own. */
  readonly clock?: StepClock;
  /** Prefix of the objects that this attempt writes. */
  readonly attempt: string;
}

/** Hash of all tables' reading specs: whether the same bytes still mean the same. */
export function readingOf(feed: Feed): string {
  const specs = Object.entries(feed.tables).map(([name, table]) => [name, readingSpecOf(table)]);
  return contentHash(specs).slice(0, 12);
}
