import type { Forced } from '../../core/delivery/due-date.ts';
import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { Finding } from '../../core/guards/finding.ts';
import type { Measures, PastNight } from '../../core/guards/measures.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { ErrorReport } from '../../core/run/message.ts';
import type { RunOrigin } from '../../core/run/origin.ts';
import type { RunState } from '../../core/run/state.ts';
import type { StepTimes } from '../../core/run/step-times.ts';
import type { Sighting } from '../sightings.ts';

/** What is known of runs, those of now and those of before. */
export interface Runs {
  find(run: RunId): Promise<RunRow | null>;
  /** Newest first. */
  runs(filter: { feed?: string; limit: number }): Promise<RunRow[]>;
  /** The revision of a date that would be opened next, after all that it has. */
  nextRun(feed: string, date: BusinessDate): Promise<RunId>;
  /** What was published of a feed since a run, that run included, oldest first. */
  publishedSince(run: RunId): Promise<RunRow[]>;
  /** The newest night of a feed that published its delivery, or found that production holds it. */
  lastNight(feed: string): Promise<RunRow | null>;
  /** The last nights of a feed before this one that were published, one a date, newest first. */
  pastNights(run: RunId, limit: number): Promise<PastNight[]>;
}

/** What is known of a run; steps add to it as they learn. */
export interface RunFacts {
  listing?: string;
  /** What the source showed last, before the delivery was taken. */
  look?: Sighting;
  /** Hash of all tables' reading specs. */
  reading?: string;
  delivery?: string;
  /** Id of the diff receipt that guards, approvals and publish speak of. */
  changeSet?: string;
  tables?: Record<string, unknown>;
  /** The numbers that guards evaluated. */
  measures?: Measures;
  /** What guards warned of without holding. */
  warnings?: readonly Finding[];
}

export interface RunRow extends RunFacts {
  readonly run: RunId;
  readonly state: RunState;
  readonly fence: number;
  readonly openedAt: Date;
  readonly endedAt: Date | null;
  readonly feedHash: string;
  /** What its steps took; absent when an older version ran it. */
  readonly steps?: StepTimes;
  /** Folder of the feed file, so that `approve RUN` needs no file. */
  readonly folder: string;
  /** null for a night. */
  readonly origin: RunOrigin | null;
  readonly error: ErrorReport | null;
  readonly holds: readonly Finding[];
  /** It counts as running, and its process is known to be dead or let its lease pass: the next command takes it over. */
  readonly abandoned: boolean;
  /** What would have been refused, and who wanted it, oldest first. */
  readonly forced: readonly Forced[];
}
