import { datedTexts } from '../delivery/dated.ts';
import { ignoresCase } from '../delivery/file-names.ts';
import { type BusinessDate, businessDateAt, businessDateOn, isBusinessDate, todayIn } from '../feed/business-date.ts';
import { filesPattern } from '../feed/files-pattern.ts';
import { NamePattern } from '../feed/pattern.ts';
import type { Feed } from '../feed/spec.ts';
import { lastNight, nextNightDay } from './night-days.ts';

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
  const { day } = lastNight(feed.schedule, todayIn(feed, instant), instant);
  return { last: businessDateOn(feed, day), next: businessDateOn(feed, nextNightDay(feed.schedule, day)) };
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
