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
  const today = todayIn(feed, now);
  return feed.schedule?.business_date === 'yesterday' ? addDays(today, -1) : today;
}

/** What the calendar shows in the feed's own time zone (UTC without a schedule). */
export function todayIn({ schedule }: Feed, now: Date): BusinessDate {
  return wallClock(schedule?.timezone ?? 'UTC', now).slice(0, 10);
}

/** Shows an instant as a clock in the feed's time zone does, followed by the instant itself. */
export function showTime({ schedule }: Feed, instant: Date): string {
  const zone = schedule?.timezone ?? 'UTC';
  return `${wallClock(zone, instant).slice(0, 16).replace('T', ' ')} in ${zone} (${instant.toISOString()})`;
}

/** When the wait for this date's delivery ends; undefined without a deadline. A deadline earlier than `at` is on the next day. */
export function deadlineOf(feed: Feed, date: BusinessDate): Date | undefined {
  const schedule = feed.schedule;
  if (!schedule?.deadline) return undefined;
  const startDay = ownDayOf(feed, date);
  const day = schedule.deadline < schedule.at ? addDays(startDay, 1) : startDay;
  return instantOf(day, schedule.deadline, schedule.timezone);
}

/** When the night of a date starts; undefined without a schedule. */
export function startOf(feed: Feed, date: BusinessDate): Date | undefined {
  const schedule = feed.schedule;
  return schedule && instantOf(ownDayOf(feed, date), schedule.at, schedule.timezone);
}

/** When the night after this date's begins; undefined without a schedule. */
export function nextNightOf(feed: Feed, date: BusinessDate): Date | undefined {
  const { schedule } = feed;
  return schedule && instantOf(addDays(ownDayOf(feed, date), 1), schedule.at, schedule.timezone);
}

/** The calendar day on which the night of a business date starts. */
export function ownDayOf({ schedule }: Pick<Feed, 'schedule'>, date: BusinessDate): BusinessDate {
  return schedule?.business_date === 'yesterday' ? addDays(date, 1) : date;
}

export function dayBefore(date: BusinessDate): BusinessDate {
  return addDays(date, -1);
}

export function dayAfter(date: BusinessDate): BusinessDate {
  return addDays(date, 1);
}

function addDays(day: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The instant at which the clocks of a zone show this time. In a gap of summer time: just after it. */
function instantOf(day: BusinessDate, time: string, timezone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const closer = (guess: number) => guess + wanted - Date.parse(`${wallClock(timezone, new Date(guess))}Z`);
  const second = closer(closer(wanted));
  // In a gap of summer time the guesses would jump between its two sides for ever.
  return new Date(Math.max(second, closer(second)));
}

/** What the clocks of a zone show, as `YYYY-MM-DDTHH:MM:SS`. */
function wallClock(timezone: string, instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}
