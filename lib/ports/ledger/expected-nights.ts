import type { BusinessDate } from '../../core/feed/business-date.ts';
import type { RunMessage } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';

/** What the ledger knows of the dates of a schedule, also of those that nobody ran. */
export interface ExpectedNights {
  /** The newest date of a feed that has a run, or was missed. null for a feed that the ledger does not know. */
  newestDate(feed: string): Promise<KnownDate | null>;
  /** The state of a date's newest run; `published` or `unchanged` when any of its runs came to that. null without a run. */
  stateOf(feed: string, date: BusinessDate): Promise<RunState | null>;
  /**
   * Keeps the dates that have no run and are not known as missed, with one message about all of them, in one transaction. Resolves to
   * these dates.
   */
  keepMissed(feed: string, dates: readonly BusinessDate[], finding: Finding): Promise<BusinessDate[]>;
  /** Newest first. */
  missed(filter: { limit: number }): Promise<MissedDate[]>;
  /** Keeps a message about a date that may have no run; once for each id. */
  keepNotice(notice: Notice): Promise<void>;
}

export interface KnownDate {
  readonly date: BusinessDate;
  /** Whether its night is begun, and not over: it failed, or runs. */
  readonly isUnfinished: boolean;
}

interface Finding {
  /** Who found it. */
  readonly by: string;
  readonly message: (dates: readonly BusinessDate[]) => Notice;
}

/** A message that is about a date, and not about a run. */
export interface Notice {
  readonly feed: string;
  readonly date: BusinessDate;
  readonly kind: 'missed' | 'overdue';
  readonly message: RunMessage;
}

export interface MissedDate {
  readonly feed: string;
  readonly date: BusinessDate;
  readonly foundAt: Date;
  readonly foundBy: string;
}
