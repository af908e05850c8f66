import { type BusinessDate, businessDateOn, todayIn } from '../feed/business-date.ts';
import type { Feed } from '../feed/spec.ts';
import { isHoliday, lastNight } from './night-days.ts';

/** The night that a timer of this machine, which starts a process, means. */
interface TimerNight {
  /** The day in the schedule's zone. */
  readonly day: string;
  readonly date: BusinessDate;
  /** Nothing is expected on this day, so there is no night, but the timer knows of none. */
  readonly isHoliday: boolean;
}

/** Clocks of two machines may differ by so much: the one that starts the process, and the one that it runs on. */
const CLOCKS_APART_MS = 60_000;

/** The night that began last; null when it began more than so many minutes ago, for a timer that asks that often. */
export function timerNight(
  feed: Feed & { readonly schedule: NonNullable<Feed['schedule']> },
  now: Date,
  minutes?: number,
): TimerNight | null {
  const { schedule } = feed;
  const until = minutes === undefined ? new Date(now.getTime() + CLOCKS_APART_MS) : now;
  const { day, begins } = lastNight({ ...schedule, holidays: [] }, todayIn(feed, until), until);
  if (minutes !== undefined && now.getTime() - begins.getTime() > minutes * 60_000) return null;
  return { day, date: businessDateOn(feed, day), isHoliday: isHoliday(schedule, day) };
}
