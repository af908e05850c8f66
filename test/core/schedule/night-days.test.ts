import { expect, test } from 'vitest';
import { nextNightOf } from '../../../lib/core/feed/business-date.ts';
import { announcedNight } from '../../../lib/core/schedule/announced-night.ts';
import { lastNight, longestGap, skippedNights } from '../../../lib/core/schedule/night-days.ts';
import { scheduledNight } from '../../../lib/core/schedule/scheduled-night.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';

const feedOf = (schedule: string) => parseFeed(`${feedFile('{folder: .}')}\nschedule: ${schedule}\n`, 'feed.yaml');
const berlin = (more = '') => feedOf(`{at: "02:30", timezone: Europe/Berlin${more}}`);

test.each([
  ['[mon-fri]', ['mon', 'tue', 'wed', 'thu', 'fri'], 3],
  ['[fri-mon]', ['sun', 'mon', 'fri', 'sat'], 4],
  ['[sun, wed, wed]', ['sun', 'wed'], 4],
  ['[mon]', ['mon'], 7],
  ['[mon-mon]', ['mon'], 7],
  ['[mon-sun]', ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'], 1],
])('days %s are %j, at most %d apart', (written, days, gap) => {
  const { schedule } = berlin(`, days: ${written}`);
  expect(schedule!.days).toEqual(days);
  expect(longestGap(schedule!)).toBe(gap);
});

test.each(['[]', '[monday]', '[mon-]', 'mon', '[mon-fri-sat]'])('days %s are refused', (written) => {
  expect(() => berlin(`, days: ${written}`)).toThrow('schedule.days');
});

test('a feed without days is stored as before', () => {
  expect(Object.keys(berlin().schedule!)).not.toContain('days');
});

// 2026-11-20 is a Friday.
test.each([
  ['2026-11-20T01:29:59Z', '2026-11-19'],
  ['2026-11-20T01:30:00Z', '2026-11-20'],
  ['2026-11-22T12:00:00Z', '2026-11-20'],
  ['2026-11-23T01:29:00Z', '2026-11-20'],
  ['2026-11-23T01:30:00Z', '2026-11-23'],
])('at %s the last night from Monday to Friday began on %s', (now, day) => {
  const { schedule } = berlin(', days: [mon-fri]');
  const today = new Date(Date.parse(now) + 3_600_000).toISOString().slice(0, 10);
  expect(lastNight(schedule!, today, new Date(now)).day).toBe(day);
});

test('the night after Friday’s is Monday’s, for whoever waits for it or tells of a delivery', () => {
  const feed = berlin(', days: [mon-fri]');
  expect(nextNightOf(feed, '2026-11-20')?.toISOString()).toBe('2026-11-23T01:30:00.000Z');
  expect(announcedNight(feed, { at: '2026-11-21T12:00:00Z' })).toEqual({ last: '2026-11-20', next: '2026-11-23' });
});

test('the later schedule of AWS counts only on days that have a night', () => {
  // The clocks skip 02:30 on Sunday the 28th; the later schedule invokes at 03:30.
  const later = new Date('2027-03-28T01:30:00Z');
  expect(scheduledNight(berlin(), later, 1)).toMatchObject({ date: '2027-03-28', isDue: true });
  expect(scheduledNight(berlin(', days: [mon-sat]'), later, 1)).toMatchObject({ date: '2027-03-28', isDue: false });
});

test('the days are known on which the clocks skip the time of the night', () => {
  const skipped = (more = '', at = '02:30') =>
    skippedNights(feedOf(`{at: "${at}", timezone: Europe/Berlin${more}}`).schedule!, '2026-12-01', 3).map(
      ({ begins }) => begins.toISOString(),
    );
  expect(skipped()).toEqual(['2027-03-28T01:30:00.000Z', '2028-03-26T01:30:00.000Z', '2029-03-25T01:30:00.000Z']);
  expect(skipped(', days: [mon-sat]')).toEqual([]);
  expect(skipped('', '03:30')).toEqual([]);
});
