import { addDays, hasDay, instantOf, isShown } from './zone-clock.ts';

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** When nights begin, as the feed file says it. */
interface NightTimes {
  readonly at: string;
  readonly timezone: string;
  readonly days?: readonly Weekday[] | undefined;
  /** Days of the schedule's calendar on which no night begins, whatever `days` says. */
  readonly holidays?: readonly string[] | undefined;
}

/** A moment of the schedule. */
interface NightMoment {
  /** The calendar day in the schedule's zone. */
  readonly day: string;
  readonly begins: Date;
}

/** Whether a night begins on this day of the schedule's calendar. */
export function hasNight(times: Omit<NightTimes, 'at'>, day: string): boolean {
  return hasNightBut(times, day) && !times.holidays?.includes(day);
}

/** Whether only a holiday keeps a night from beginning on this day. */
export function isHoliday(times: Omit<NightTimes, 'at'>, day: string): boolean {
  return times.holidays?.includes(day) === true && hasNightBut(times, day);
}

/** Whether a night begins on this day, if it is no holiday. */
function hasNightBut({ timezone, days }: Omit<NightTimes, 'at'>, day: string): boolean {
  return hasDay(day, timezone) && (days === undefined || days.includes(weekdayOf(day)));
}

/** The night of the schedule that began last, or begins now. `today` is the day in the schedule's zone. */
export function lastNight(times: NightTimes, today: string, now: Date): NightMoment {
  for (let day = today; ; day = addDays(day, -1)) {
    const begins = instantOf(day, times.at, times.timezone);
    if (hasNight(times, day) && begins <= now) return { day, begins };
  }
}

/** The next day on which a night begins, after this one. */
export function nextNightDay(times: Omit<NightTimes, 'at'>, day: string): string {
  const next = addDays(day, 1);
  return hasNight(times, next) ? next : nextNightDay(times, next);
}

/** Nights from this day on, as many years, that begin at another time because the clocks skip theirs. */
export function skippedNights(times: NightTimes, from: string, years: number): NightMoment[] {
  const until = `${Number(from.slice(0, 4)) + years}${from.slice(4)}`;
  const found: NightMoment[] = [];
  for (let day = from; day < until; day = nextNightDay(times, day))
    if (hasNight(times, day) && !isShown(day, times.at, times.timezone))
      found.push({ day, begins: instantOf(day, times.at, times.timezone) });
  return found;
}

/** Days from one night to the next, at most, without holidays: 1 for a feed of every day, 3 for Monday to Friday. */
export function longestGap({ days = weekdays }: { readonly days?: readonly Weekday[] | undefined }): number {
  const gaps = days.map((day) => {
    const from = weekdays.indexOf(day);
    return [1, 2, 3, 4, 5, 6, 7].find((after) => days.includes(weekdays[(from + after) % 7]!))!;
  });
  return Math.max(...gaps);
}

function weekdayOf(day: string): Weekday {
  return weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]!;
}
