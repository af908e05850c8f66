import type { Feed } from '../../../core/feed/spec.ts';
import { waitHours } from '../../feed-check.ts';
import { HOURS_OF_WORK } from '../watch/alarms.ts';

/** Minutes of a day of UTC in which a feed's night may be at work. The end may lie beyond midnight. */
export interface Night {
  readonly feed: string;
  readonly from: number;
  readonly minutes: number;
}

export const DAY = 24 * 60;

/** The nights of scheduled feeds, one for each offset from UTC that the feed's time zone has within a year from `now`. */
export function nightsOf(feeds: readonly Feed[], now: Date): Night[] {
  return feeds.flatMap(({ feed, schedule }) => {
    if (!schedule) return [];
    const [hours, minutes] = schedule.at.split(':').map(Number);
    const local = hours! * 60 + minutes!;
    const length = Math.min(DAY, (waitHours(schedule) + HOURS_OF_WORK) * 60);
    return offsetsOf(schedule.timezone, now).map((offset) => ({
      feed,
      from: minuteOfDay(local - offset),
      minutes: length,
    }));
  });
}

/** Whether a time of the day, which may go beyond midnight, is in a night. */
export function overlaps(night: Pick<Night, 'from' | 'minutes'>, from: number, minutes: number): boolean {
  return minuteOfDay(from - night.from) < night.minutes || minuteOfDay(night.from - from) < minutes;
}

export const minuteOfDay = (minute: number) => ((minute % DAY) + DAY) % DAY;

const MILLISECONDS = 60_000;

/** Minutes east of UTC. */
function offsetsOf(timeZone: string, now: Date): number[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  const offsets = Array.from({ length: 366 }, (_, day) => {
    const name = format
      .formatToParts(now.getTime() + day * DAY * MILLISECONDS)
      .find(({ type }) => type === 'timeZoneName');
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name!.value) ?? [null, '+', '0', '0'];
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  });
  return [...new Set(offsets)].sort((a, b) => a - b);
}
