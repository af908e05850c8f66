import { expect, test } from 'vitest';
import { deadlineOf, nextNightOf, startOf } from '../../../lib/core/feed/business-date.ts';
import { announcedNight } from '../../../lib/core/schedule/announced-night.ts';
import { lastNight, longestGap, skippedNights } from '../../../lib/core/schedule/night-days.ts';
import { scheduledNight } from '../../../lib/core/schedule/scheduled-night.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';

const feedOf = (more: string) =>
  parseFeed(
    `${feedFile('{folder: .}')}\nschedule: {at: "02:30", timezone: Europe/Berlin, deadline: "06:00"${more}}\n`,
    'feed.yaml',
  );
// Friday and Saturday.
const christmas = feedOf(', days: [mon-sat], holidays: [2026-12-26, 2026-12-25, 2026-12-25]');

test('holidays are kept in order, each once; a feed without them is stored as before', () => {
  expect(christmas.schedule!.holidays).toEqual(['2026-12-25', '2026-12-26']);
  expect(Object.keys(feedOf('').schedule!)).not.toContain('holidays');
});

test.each(['[12-25]', '[2026-02-29]', '2026-12-25', '[2026-12-25T00:00:00Z]', '{folder: .}'])(
  'holidays %s are refused',
  (written) => {
    expect(() => feedOf(`, holidays: ${written}`)).toThrow('schedule.holidays');
  },
);

test('a holiday has no night: the last one is before it, and the next one after it', () => {
  const { schedule } = christmas;
  expect(lastNight(schedule!, '2026-12-27', new Date('2026-12-27T12:00:00Z')).day).toBe('2026-12-24');
  expect(nextNightOf(christmas, '2026-12-24')?.toISOString()).toBe('2026-12-28T01:30:00.000Z');
  expect(announcedNight(christmas, { at: '2026-12-25T12:00:00Z' })).toEqual({ last: '2026-12-24', next: '2026-12-28' });
  expect(longestGap(schedule!)).toBe(2);
});

test('no deadline passes on a holiday, and a delivery of then cannot be late', () => {
  for (const day of ['2026-12-25', '2026-12-27'])
    expect([deadlineOf(christmas, day), startOf(christmas, day)]).toEqual([undefined, undefined]);
  expect(deadlineOf(christmas, '2026-12-28')?.toISOString()).toBe('2026-12-28T05:00:00.000Z');
  expect(startOf(christmas, '2026-12-28')?.toISOString()).toBe('2026-12-28T01:30:00.000Z');
});

test('a holiday is a day on which the night begins, also where the delivery is about the day before', () => {
  const feed = feedOf(', business_date: yesterday, holidays: [2026-12-25]');
  expect([deadlineOf(feed, '2026-12-24'), deadlineOf(feed, '2026-12-25')?.toISOString()]).toEqual([
    undefined,
    '2026-12-26T05:00:00.000Z',
  ]);
  expect(scheduledNight(feed, new Date('2026-12-25T01:30:00Z'))).toEqual({
    date: '2026-12-24',
    isDue: true,
    isHoliday: true,
  });
});

test('a holiday on which the clocks skip the time of the night is answered once', () => {
  const feed = feedOf(', holidays: [2027-03-28]');
  expect(scheduledNight(feed, new Date('2027-03-28T01:30:00Z'), 1)).toEqual({
    date: '2027-03-28',
    isDue: true,
    isHoliday: true,
  });
  // On any other holiday the first schedule is the one that counts.
  const autumn = feedOf(', holidays: [2026-12-25]');
  expect(scheduledNight(autumn, new Date('2026-12-25T02:30:00Z'), 1)).toMatchObject({ isDue: false, isHoliday: false });
  expect(skippedNights(feed.schedule!, '2027-01-01', 1)).toEqual([]);
});

test('a scheduled time that no calendar shows is no holiday', () => {
  expect(scheduledNight(christmas, new Date('+012026-12-25T01:30:00Z'))).toMatchObject({ isHoliday: false });
});
