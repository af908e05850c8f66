import { datedTexts } from '../delivery/dated.ts';
import { ignoresCase } from '../delivery/file-names.ts';
import {
  type BusinessDate,
  businessDateAt,
  businessDateOn,
  dayAfter,
  dayBefore,
  isBusinessDate,
} from '../feed/business-date.ts';
import { filesPattern } from '../feed/files-pattern.ts';
import { NamePattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { clockIn, hasDay, instantOf } from './zone-clock.ts';

/** What an event says of a delivery. */
interface Announcement {
  /** ISO instant of the event. */
  readonly at: string;
  /** Key of an object that came. */
  readonly key?: string | undefined;
  readonly date?: BusinessDate | undefined;
}

/** The nights that an announcement may mean: the one that its date says, or the last one by the schedule and the next one. */
type AnnouncedNight = { readonly date: BusinessDate } | { readonly last: BusinessDate; readonly next: BusinessDate };

export function announcedNight(feed: Feed, { at, key, date }: Announcement): AnnouncedNight {
  const told = date ?? (key === undefined ? undefined : dateIn(feed, key));
  if (told !== undefined) return { date: told };
  const instant = new Date(at);
  if (!feed.schedule) return { date: businessDateAt(feed, instant) };
  const { timezone, at: clock } = feed.schedule;
  const today = clockIn(timezone, instant).slice(0, 10);
  const hasBegun = instantOf(today, clock, timezone) <= instant;
  const [last, next] = hasBegun ? [today, near(today, dayAfter, timezone)] : [near(today, dayBefore, timezone), today];
  return { last: businessDateOn(feed, last), next: businessDateOn(feed, next) };
}

/** The date in the key of an object; undefined where it carries no whole date, or where its date is not that of the night. */
function dateIn(feed: Feed, key: string): BusinessDate | undefined {
  const { marker, manifest } = feed.ready;
  const ofNight = Object.values(feed.tables).flatMap(({ files, pick }) =>
    pick === 'newest' ? [] : [filesPattern(files).file],
  );
  const patterns = [...ofNight, ...[marker, manifest?.file].filter((text) => text !== undefined), '*'];
  for (const pattern of patterns) {
    const text = plain([...datedTexts(feed.source), pattern].join('/'));
    const reading = new NamePattern(text, ignoresCase(feed)).read(plain(key));
    if (reading && reading !== 'ambiguous' && reading.date !== null && isBusinessDate(reading.date))
      return reading.date;
  }
  return undefined;
}

const plain = (path: string) => path.replace(/^\/+/, '').replace(/\/{2,}/g, '/');

function near(day: BusinessDate, step: (day: BusinessDate) => BusinessDate, timezone: string): BusinessDate {
  const next = step(day);
  return hasDay(next, timezone) ? next : near(next, step, timezone);
}
