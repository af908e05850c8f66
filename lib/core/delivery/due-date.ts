import { NightfeedError } from '../errors.ts';
import { type BusinessDate, dayAfter, todayIn } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';

/** Who wants what was refused, and why. It lets through what the refusal named, and nothing else. */
export interface Force {
  readonly by: string;
  readonly reason: string;
}

/** A refusal that somebody lifted, as the ledger keeps it. */
export interface Forced extends Force {
  readonly error: 'DATE_AHEAD';
  /** ISO instant. */
  readonly at: string;
}

interface Asked {
  readonly feed: Feed;
  readonly date: BusinessDate;
  readonly force?: Force | undefined;
  /** What to do about it where nothing can be forced. */
  readonly hint?: string;
}

/**
 * Refuses a date later than tomorrow in the feed's own zone: production takes nothing older than what it holds, so that one
 * wrong digit in a year would end the feed. Tomorrow is allowed for vendors who date a delivery by the day it is for. With
 * `force` it answers what is to be kept of it; undefined when there was nothing to refuse.
 */
export function requireDue({ feed, date, force, hint }: Asked, now: Date): Forced | undefined {
  const last = dayAfter(todayIn(feed, now));
  if (date <= last) return undefined;
  if (force) return { error: 'DATE_AHEAD', ...force, at: now.toISOString() };
  const zone = feed.schedule?.timezone ?? 'UTC';
  throw new NightfeedError(
    'DATE_AHEAD',
    `received the business date ${date}; the last one allowed is tomorrow in ${zone}, ${last}. With ${date} in production every date before it would be refused as OLDER_DELIVERY`,
    hint === undefined ? {} : { hint },
  );
}
