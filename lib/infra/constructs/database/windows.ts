import { NightfeedError } from '../../../core/errors.ts';
import { DAY, minuteOfDay, type Night, overlaps } from './nights.ts';

/** Times of UTC, as RDS writes them: `hh:mm-hh:mm` each day, and `ddd:hh:mm-ddd:hh:mm` each week. */
export interface Windows {
  readonly backup: string;
  readonly maintenance: string;
}

type Given = { readonly [Name in keyof Windows]?: string | undefined };
type Extent = Pick<Night, 'from' | 'minutes'>;

interface Placed {
  readonly windows: Windows;
  /** Feeds whose nights are in the windows, because no time of the day is without a night. */
  readonly disturbed: readonly string[];
}

const STEP = 30;
const LENGTH = 60;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The windows that the configuration gives, and for the others those beside the nights. Throws USAGE for one that cannot be. */
export function windowsFor({ backup, maintenance }: Given, nights: readonly Night[]): Placed {
  const given = { ...(backup ? { backup } : {}), ...(maintenance ? { maintenance } : {}) };
  for (const [name, window] of Object.entries(given)) requireOutside(nights, `database.${name}_window`, window);
  const taken = Object.entries(given).map(([name, window]) => ({
    feed: `database.${name}_window`,
    ...extentOf(window),
  }));
  if (backup && maintenance) requireOutside(taken.slice(0, 1), 'database.maintenance_window', maintenance);
  const { windows, disturbed } = windowsBeside([...nights, ...taken]);
  return { windows: { ...windows, ...given }, disturbed: backup && maintenance ? [] : disturbed };
}

/**
 * Two hours beside each other that are as far from every night as can be: the first for backups, the second on Sundays for maintenance.
 * Where nights fill the whole day, it is the two hours with the fewest feeds.
 */
function windowsBeside(nights: readonly Night[]): Placed {
  const starts = Array.from({ length: DAY / STEP }, (_, index) => index * STEP);
  const rated = starts.map((from) => ({
    from,
    disturbed: feedsIn(nights, { from, minutes: 2 * LENGTH }),
    away: distance(nights, from),
  }));
  const [best] = rated.sort((a, b) => a.disturbed.length - b.disturbed.length || b.away - a.away || a.from - b.from);
  const { from, disturbed } = best!;
  const windows = {
    backup: `${clock(from)}-${clock(from + LENGTH)}`,
    maintenance: `${day('sun', from + LENGTH)}-${day('sun', from + 2 * LENGTH)}`,
  };
  return { windows, disturbed };
}

function requireOutside(nights: readonly Night[], option: string, window: string): void {
  const feeds = feedsIn(nights, extentOf(window));
  if (feeds.length === 0) return;
  throw new NightfeedError('USAGE', `${option}: ${window} (UTC) is in the time of ${feeds.join(', ')}`, {
    hint: 'Nothing was deployed. Choose a time of UTC outside of these, in summer and in winter, or leave the option out; then synthesise again.',
  });
}

/** First minute of the day, and length; a week's window of more than a day counts as a whole day. */
function extentOf(window: string): Extent {
  const [from, to] = window.split('-').map((end) => {
    const [minute, hour, name] = end.split(':').reverse();
    const weekday = Math.max(0, DAYS.indexOf(name as (typeof DAYS)[number]));
    return weekday * DAY + Number(hour) * 60 + Number(minute);
  });
  const week = 7 * DAY;
  const minutes = window.length > 11 ? (to! - from! + week) % week : minuteOfDay(to! - from!);
  return { from: minuteOfDay(from!), minutes: Math.min(DAY, minutes) };
}

function feedsIn(nights: readonly Night[], { from, minutes }: Extent): string[] {
  return [...new Set(nights.filter((night) => overlaps(night, from, minutes)).map(({ feed }) => feed))];
}

/** Minutes to the nearest night, before or after. */
function distance(nights: readonly Night[], from: number): number {
  const gaps = nights.flatMap((night) => [
    minuteOfDay(from - night.from - night.minutes),
    minuteOfDay(night.from - from - 2 * LENGTH),
  ]);
  return Math.min(DAY, ...gaps);
}

function day(name: (typeof DAYS)[number], minute: number): string {
  const index = DAYS.indexOf(name) + Math.floor(minute / DAY);
  return `${DAYS[index % DAYS.length]}:${clock(minute)}`;
}

function clock(minute: number): string {
  const within = minuteOfDay(minute);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`;
}
