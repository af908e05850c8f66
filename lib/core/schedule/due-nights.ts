import { isDated } from '../delivery/dated.ts';
import { type BusinessDate, businessDateOn, dayBefore, ownDayOf, todayIn } from '../feed/business-date.ts';
import { filesPattern } from '../feed/files-pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { lastNight, nextNightDay } from './night-days.ts';
import { instantOf } from './zone-clock.ts';

export type ScheduledFeed = Feed & { readonly schedule: NonNullable<Feed['schedule']> };

/** A night of the schedule that has begun. */
export interface DueNight {
  readonly date: BusinessDate;
  readonly begins: Date;
}

/** What is known of a feed's newest date. */
interface Known {
  readonly date: BusinessDate;
  readonly isUnfinished: boolean;
}

/** What has to become of the nights that have begun. */
interface DueNights {
  /** Oldest first. */
  readonly run: readonly DueNight[];
  /** Nobody can run them any more: what the vendor shows now is another date's. */
  readonly missed: readonly BusinessDate[];
}

/**
 * Nights after the newest date that is known, and that one if it is not over. A feed that is not known begins with the night that began
 * last. Where no name carries the date, only the newest can be run.
 */
export function dueNights(feed: ScheduledFeed, known: Known | null, now: Date): DueNights {
  const newest = newestNight(feed, now);
  if (known === null) return { run: [newest], missed: [] };
  const begun = nightsAfter(feed, known.isUnfinished ? dayBefore(known.date) : known.date, newest);
  if (carriesDate(feed)) return { run: begun, missed: [] };
  const older = begun.slice(0, -1).map(({ date }) => date);
  return { run: begun.slice(-1), missed: older.filter((date) => date !== known.date) };
}

/** The night that began last. */
export function newestNight(feed: ScheduledFeed, now: Date): DueNight {
  const { day, begins } = lastNight(feed.schedule, todayIn(feed, now), now);
  return { date: businessDateOn(feed, day), begins };
}

/** When the next night begins. */
export function nextBeginning(feed: ScheduledFeed, now: Date): Date {
  const { day } = lastNight(feed.schedule, todayIn(feed, now), now);
  return beginningOn(feed, nextNightDay(feed.schedule, day));
}

/** Whether each date has files of its own, so that a date of days ago can still be fetched. */
function carriesDate(feed: Pick<Feed, 'source' | 'tables'>): boolean {
  return Object.values(feed.tables).every(
    ({ files, pick }) => pick !== 'newest' && isDated(feed, filesPattern(files).file),
  );
}

function nightsAfter(feed: ScheduledFeed, date: BusinessDate, newest: DueNight): DueNight[] {
  const last = ownDayOf(feed, newest.date);
  const nights: DueNight[] = [];
  for (let day = nextNightDay(feed.schedule, ownDayOf(feed, date)); day <= last; day = nextNightDay(feed.schedule, day))
    nights.push({ date: businessDateOn(feed, day), begins: beginningOn(feed, day) });
  return nights;
}

const beginningOn = ({ schedule }: ScheduledFeed, day: string) => instantOf(day, schedule.at, schedule.timezone);
