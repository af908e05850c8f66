import { hasNight, nextNightDay } from '../schedule/night-days.ts';
import { addDays, clockIn, hasDay, instantOf, isShown } from '../schedule/zone-clock.ts';
import type { Feed } from './spec.ts';

/** A day as `YYYY-MM-DD`. */
export type BusinessDate = string;

export function isBusinessDate(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return (
    /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
  );
}

/** The business date of the night that starts at `now`, in the feed's own time zone (UTC without a schedule). */
export function businessDateAt(feed: Feed, now: Date): BusinessDate {
  return businessDateOn(feed, todayIn(feed, now));
}

/** The business date of the night that starts on a calendar day of the feed's own time zone. */
export function businessDateOn({ schedule }: Pick<Feed, 'schedule'>, day: BusinessDate): BusinessDate {
  return schedule?.business_date === 'yesterday' ? neighbour(day, -1, schedule.timezone) : day;
}

/** What the calendar shows in the feed's own time zone (UTC without a schedule). */
export function todayIn({ schedule }: Feed, now: Date): BusinessDate {
  return clockIn(schedule?.timezone ?? 'UTC', now).slice(0, 10);
}

/** Shows an instant as a clock in the feed's time zone does, followed by the instant itself. */
export function showTime({ schedule }: Feed, instant: Date): string {
  const zone = schedule?.timezone ?? 'UTC';
  return `${clockIn(zone, instant).slice(0, 16).replace('T', ' ')} in ${zone} (${instant.toISOString()})`;
}

/**
 * When the wait for this date's delivery ends; undefined without a deadline, and on a day without a night, on which nothing is expected. A
 * deadline earlier than `at` is on the next day. A night that starts later, because the clocks skip `at`, waits as long as the others.
 */
export function deadlineOf(feed: Feed, date: BusinessDate): Date | undefined {
  const schedule = feed.schedule;
  if (!schedule?.deadline) return undefined;
  const { at, deadline, timezone } = schedule;
  const startDay = ownDayOf(feed, date);
  if (!hasNight(schedule, startDay)) return undefined;
  const day = deadline < at ? addDays(startDay, 1) : startDay;
  if (isShown(startDay, at, timezone)) return instantOf(day, deadline, timezone);
  const wait = Date.parse(`${day}T${deadline}Z`) - Date.parse(`${startDay}T${at}Z`);
  return new Date(instantOf(startDay, at, timezone).getTime() + wait);
}

/** When the night of a date starts; undefined without a schedule, and on a day without a night. */
export function startOf(feed: Feed, date: BusinessDate): Date | undefined {
  const { schedule } = feed;
  const day = ownDayOf(feed, date);
  return schedule && hasNight(schedule, day) ? instantOf(day, schedule.at, schedule.timezone) : undefined;
}

/** When the night after this date's begins; undefined without a schedule. */
export function nextNightOf(feed: Feed, date: BusinessDate): Date | undefined {
  const { schedule } = feed;
  return schedule && instantOf(nextNightDay(schedule, ownDayOf(feed, date)), schedule.at, schedule.timezone);
}

/** The calendar day on which the night of a business date starts. */
export function ownDayOf({ schedule }: Pick<Feed, 'schedule'>, date: BusinessDate): BusinessDate {
  return schedule?.business_date === 'yesterday' ? neighbour(date, 1, schedule.timezone) : date;
}

/** The day before or after this one in the calendar of a zone, which may skip a day. */
function neighbour(day: BusinessDate, step: 1 | -1, timezone: string): BusinessDate {
  const next = addDays(day, step);
  return hasDay(next, timezone) ? next : neighbour(next, step, timezone);
}

export function dayBefore(date: BusinessDate): BusinessDate {
  return addDays(date, -1);
}

export function dayAfter(date: BusinessDate): BusinessDate {
  return addDays(date, 1);
}
