import { describe, expect, test } from 'vitest';
import { businessDateAt, deadlineOf, isBusinessDate, nextNightOf } from '../../../lib/core/feed/business-date.ts';
import { type Feed, feedSchema } from '../../../lib/feed-file/feed.ts';

function feedWith(schedule: object | undefined): Feed {
  const items = { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } };
  return feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { items },
    ...(schedule ? { schedule } : {}),
  });
}
const newYork = { at: '02:00', timezone: 'America/New_York' };
const berlin = { at: '23:30', timezone: 'Europe/Berlin' };

test.each([
  ['2026-11-20', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['0999-01-01', false],
  ['2026-11-20T00:00', false],
  [' 2026-11-20', false],
  ['', false],
])('%j is a business date: %s', (text, expected) => {
  expect(isBusinessDate(text)).toBe(expected);
});

describe('today is the day in the zone of the schedule', () => {
  test.each([
    [undefined, '2026-11-20T23:59:59Z', '2026-11-20'],
    [newYork, '2026-11-20T04:59:59Z', '2026-11-19'],
    [newYork, '2026-11-20T05:00:00Z', '2026-11-20'],
    [{ ...newYork, business_date: 'yesterday' }, '2026-11-20T07:00:00Z', '2026-11-19'],
    [{ ...newYork, business_date: 'yesterday' }, '2026-03-01T07:00:00Z', '2026-02-28'],
    [{ at: '02:00', timezone: 'Pacific/Kiritimati' }, '2026-11-20T10:00:00Z', '2026-11-21'],
  ])('%j at %s: %s', (schedule, now, day) => {
    expect(businessDateAt(feedWith(schedule), new Date(now))).toBe(day);
  });
});

describe('the deadline is a time of day in the zone', () => {
  test.each([
    ['none', newYork, '2026-11-20', undefined],
    ['winter', { ...newYork, deadline: '03:00' }, '2026-11-20', '2026-11-20T08:00:00.000Z'],
    ['summer', { ...newYork, deadline: '03:00' }, '2026-07-20', '2026-07-20T07:00:00.000Z'],
    ['past midnight', { ...berlin, deadline: '01:15' }, '2026-11-20', '2026-11-21T00:15:00.000Z'],
    [
      'about yesterday',
      { ...newYork, business_date: 'yesterday', deadline: '03:00' },
      '2026-11-19',
      '2026-11-20T08:00:00.000Z',
    ],
    ['the hour that summer time skips', { ...newYork, deadline: '02:30' }, '2026-03-08', '2026-03-08T07:30:00.000Z'],
    [
      'the hour that summer time skips, east of Greenwich',
      { ...berlin, at: '01:00', deadline: '02:30' },
      '2026-03-29',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'a night that begins an hour later, because the clocks skip its time, waits as long as the others',
      { ...newYork, at: '02:30', deadline: '03:15' },
      '2026-03-08',
      '2026-03-08T08:15:00.000Z',
    ],
    [
      'the hour that comes twice',
      { ...newYork, at: '01:00', deadline: '01:30' },
      '2026-11-01',
      '2026-11-01T05:30:00.000Z',
    ],
  ])('%s', (_what, schedule, date, instant) => {
    expect(deadlineOf(feedWith(schedule), date)?.toISOString()).toBe(instant);
  });
});

describe('the next night begins a day later in the zone', () => {
  test.each([
    ['no schedule', undefined, '2026-11-20', undefined],
    ['winter', newYork, '2026-11-20', '2026-11-21T07:00:00.000Z'],
    ['into summer time', newYork, '2026-03-07', '2026-03-08T07:00:00.000Z'],
    [
      'a date that the night after describes',
      { ...newYork, business_date: 'yesterday' },
      '2026-11-20',
      '2026-11-22T07:00:00.000Z',
    ],
  ])('%s', (_case, schedule, date, instant) => {
    expect(nextNightOf(feedWith(schedule), date)?.toISOString()).toBe(instant);
  });
});
