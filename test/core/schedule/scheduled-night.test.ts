import { expect, test } from 'vitest';
import { scheduledNight } from '../../../lib/core/schedule/scheduled-night.ts';
import { hasDay, hoursSkipped, isShown } from '../../../lib/core/schedule/zone-clock.ts';
import { parseFeed } from '../../support/parse-feed.ts';
import { feedFile } from '../../support/vendors/night-vendor.ts';

const feedAt = (at: string, timezone: string, day = 'today') =>
  parseFeed(
    `${feedFile('{folder: vendor}')}schedule: {at: "${at}", timezone: ${timezone}, business_date: ${day}}\n`,
    'feed.yaml',
  );

test.each([
  ['02:00', 'Europe/Berlin', '2027-03-27T01:00:00Z', undefined, '2027-03-27', true],
  // An hour later on an ordinary day, and on the day on which the clocks go from 02:00 to 03:00.
  ['02:00', 'Europe/Berlin', '2027-03-27T02:00:00Z', 1, '2027-03-27', false],
  ['02:00', 'Europe/Berlin', '2027-03-28T01:00:00Z', 1, '2027-03-28', true],
  ['02:30', 'Europe/Berlin', '2027-03-28T01:30:00Z', 1, '2027-03-28', true],
  ['03:00', 'Europe/Berlin', '2027-03-28T02:00:00Z', 1, '2027-03-28', false],
  // 02:30 comes twice, and the later schedule after both.
  ['02:30', 'Europe/Berlin', '2027-10-31T00:30:00Z', undefined, '2027-10-31', true],
  ['02:30', 'Europe/Berlin', '2027-10-31T01:30:00Z', undefined, '2027-10-31', true],
  ['02:30', 'Europe/Berlin', '2027-10-31T02:30:00Z', 1, '2027-10-31', false],
  // The later schedule is on the next day.
  ['23:30', 'America/Nuuk', '2027-03-28T01:30:00Z', 1, '2027-03-27', true],
  ['23:30', 'America/Nuuk', '2027-03-29T01:30:00Z', 1, '2027-03-28', false],
  ['02:10', 'Australia/Lord_Howe', '2027-10-02T16:10:00Z', 1, '2027-10-03', true],
  ['01:30', 'Antarctica/Troll', '2027-03-28T01:30:00Z', 2, '2027-03-28', true],
  // A day that the zone never had has no night.
  ['23:30', 'Pacific/Apia', '2011-12-30T10:30:00Z', 1, '2011-12-30', false],
] as const)('at %s in %s: %s, %s hours later', (at, timezone, scheduled, hoursLater, date, isDue) => {
  expect(scheduledNight(feedAt(at, timezone), new Date(scheduled), hoursLater)).toEqual({
    date,
    isDue,
    isHoliday: false,
  });
});

test('yesterday is the day before in the zone, which may have skipped one', () => {
  const feed = feedAt('01:00', 'Pacific/Apia', 'yesterday');
  expect(scheduledNight(feed, new Date('2011-12-30T11:00:00Z')).date).toBe('2011-12-29');
  expect([hasDay('2011-12-30', 'Pacific/Apia'), hasDay('2011-12-31', 'Pacific/Apia')]).toEqual([false, true]);
});

test.each([
  ['Europe/Berlin', 1],
  ['Australia/Lord_Howe', 1],
  ['Antarctica/Troll', 2],
  ['UTC', 0],
  ['Asia/Kolkata', 0],
])('the clocks of %s skip %s hours at once', (zone, hours) => {
  expect(hoursSkipped(zone)).toBe(hours);
});

test('a time is shown unless the clocks skip it', () => {
  const times = ['01:59', '02:00', '02:59', '03:00'];
  expect(times.map((time) => isShown('2027-03-28', time, 'Europe/Berlin'))).toEqual([true, false, false, true]);
  expect(times.every((time) => isShown('2027-10-31', time, 'Europe/Berlin'))).toBe(true);
});
