import { expect, test } from 'vitest';
import { timerNight } from '../../../lib/core/schedule/timer-night.ts';
import { cronLine } from '../../../lib/core/schedule/units/cron.ts';
import type { Starting } from '../../../lib/core/schedule/units/unit.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';
import { offsetOf } from './zone-offset.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NIGHTS = 400;
const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const FIRST = Date.UTC(2026, 11, 1);
const days = Array.from({ length: NIGHTS }, (_, after) => dayOf(FIRST + after * DAY));

/** The clocks of the first skip the time once in these nights, and show it twice once; the others do one of both, or none. */
const zones = [
  ['Europe/Berlin', '02:30'],
  ['America/New_York', '01:30'],
  ['Australia/Lord_Howe', '01:45'],
  ['Australia/Lord_Howe', '02:15'],
  ['Asia/Kolkata', '00:00'],
] as const;

const feedAt = (zone: string, at: string) => {
  const text = `${feedFile('{folder: .}')}\nschedule: {at: "${at}", timezone: ${zone}, holidays: [2026-12-25, 2027-01-01]}\n`;
  const feed = parseFeed(text, 'feed.yaml');
  return { ...feed, schedule: feed.schedule! };
};

test.each(zones)(
  `cron's line in %s starts each of ${NIGHTS} nights at %s once, and says so of the holidays`,
  (zone, at) => {
    const feed = feedAt(zone, at);
    const starting = { feed, feedFile: '/f', program: ['/n'], user: 'u', home: '/h', variables: [] };
    const [unit] = cronLine(starting as unknown as Starting, 'UTC', new Date(FIRST));
    const [, minutes, window] = /^([\d,]+) \* \* \* \*.* --scheduled (\d+)$/m.exec(unit!.content)!;
    const started: string[] = [];
    const holidays: string[] = [];
    for (let hour = FIRST - DAY; hour < FIRST + (NIGHTS + 1) * DAY; hour += HOUR)
      for (const minute of minutes!.split(',')) {
        const due = timerNight(feed, new Date(hour + Number(minute) * MINUTE), Number(window));
        if (due) (due.isHoliday ? holidays : started).push(due.date);
      }
    const expected = days.filter((day) => !feed.schedule.holidays!.includes(day));
    expect(started.filter((day) => days.includes(day))).toEqual(expected);
    expect(holidays).toEqual(feed.schedule.holidays);
  },
);

test.each(zones)(
  'a timer in %s that starts again hours after %s, or a moment early, means the same night',
  (zone, at) => {
    const feed = feedAt(zone, at);
    for (const day of days) {
      const shown = Date.parse(`${day}T${at}Z`);
      // An hour after the skipped hour, and between the two times that come twice, the night has begun by any reckoning.
      const later = shown - Math.min(offsetOf(zone, shown - DAY), offsetOf(zone, shown + DAY));
      for (const after of [0, 10 * MINUTE, 20 * HOUR])
        expect(timerNight(feed, new Date(later + after))).toMatchObject({ day, date: day });
      if (offsetOf(zone, shown - DAY) === offsetOf(zone, shown + DAY))
        expect(timerNight(feed, new Date(later - 30_000))!.day).toBe(day);
    }
  },
);
