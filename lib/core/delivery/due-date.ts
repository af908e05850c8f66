import { NightfeedError } from '../errors.ts';
import { type BusinessDate, dayAfter, todayIn } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';

/** Who lifts a refusal, and why. It lets through only what the refusal named. */
export interface Force {
  readonly by: string;
  readonly reason: string;
}

/** A lifted refusal, as the ledger keeps it. */
export interface Forced extends Force {
  readonly error: 'DATE_AHEAD';
  /** ISO instant. */
  readonly at: string;
}

interface Asked {
  readonly feed: Feed;
  readonly date: BusinessDate;
  readonly force?: Force | undefined;
  /** What to do when the command has no `--force`. */
  readonly hint?: string;
}

/**
 * Refuses a date later than tomorrow in the feed's time zone. Production takes nothing older than what it holds, so one
 * wrong digit in a year would block the feed. Tomorrow is allowed for vendors who date a delivery by the day that it is for. With
 * `force` it answers what the ledger should keep; undefined when there was nothing to refuse.
 */
export function requireDue({ feed, date, force, hint }: Asked, now: Date): Forced | undefined {
  if (isDue({ feed, date }, now)) return undefined;
  const last = lastDue(feed, now);
  if (force) return { error: 'DATE_AHEAD', ...force, at: now.toISOString() };
  const zone = feed.schedule?.timezone ?? 'UTC';
  throw new NightfeedError(
    'DATE_AHEAD',
    `received the business date ${date}; the last one allowed is tomorrow in ${zone}, ${last}. With ${date} in production every date before it would be refused as OLDER_DELIVERY`,
    hint === undefined ? {} : { hint },
  );
}

/** Whether a date is no later than tomorrow in the feed's time zone. */
export function isDue({ feed, date }: Pick<Asked, 'feed' | 'date'>, now: Date): boolean {
  return date <= lastDue(feed, now);
}

function lastDue(feed: Feed, now: Date): BusinessDate {
  return dayAfter(todayIn(feed, now));
}
