import { expect, test } from 'vitest';
import { announcedNight } from '../../../lib/core/schedule/announced-night.ts';
import { parseFeed } from '../../support/parse-feed.ts';

const feedOf = (path: string, files: string, more = '') =>
  parseFeed(
    `feed: shop\nsource: {s3: {bucket: vendor, path: "${path}"}}\ntables: {items: {files: "${files}", columns: {id: {type: bigint, key: true}}}}\n${more}`,
    'feed.yaml',
  );
const schedule = (day = 'today') => `schedule: {at: "02:00", timezone: Europe/Berlin, business_date: ${day}}\n`;
const at = '2026-11-20T12:00:00Z';

test.each([
  ['out/{date}', 'items.csv', 'out/2026-11-21/items.csv', '2026-11-21'],
  ['/out/{date}/', 'items.csv', '/out/2026-11-21/whatever.txt', '2026-11-21'],
  ['out', 'items_{yyyymmdd}.csv', 'out/items_20261121.csv', '2026-11-21'],
  ['', 'items_{date:DD-MON-YYYY}.csv', 'items_21-NOV-2026.csv', '2026-11-21'],
  ['{yyyy}/{mm}', 'items_{dd}.csv', '2026/11/items_21.csv', '2026-11-21'],
])('path %j, files %s: the key %s is of %s', (path, files, key, date) => {
  expect(announcedNight(feedOf(path, files, schedule()), { at, key })).toEqual({ date });
});

test.each([
  ['the marker', 'ready: {marker: "done_{date}"}\n', 'out/done_2026-11-21', { date: '2026-11-21' }],
  ['the manifest', 'ready: {manifest: {file: "list_{date}.csv"}}\n', 'out/list_2026-11-21.csv', { date: '2026-11-21' }],
  ['no date', '', 'out/items.csv', { last: '2026-11-20', next: '2026-11-21' }],
  ['a date that is none', '', 'out/done_2026-02-30', { last: '2026-11-20', next: '2026-11-21' }],
  [
    'another folder',
    'ready: {marker: "done_{date}"}\n',
    'in/done_2026-11-21',
    { last: '2026-11-20', next: '2026-11-21' },
  ],
  ['a name of any length', '', `out/${'a'.repeat(1000)}`, { last: '2026-11-20', next: '2026-11-21' }],
])('the key of %s', (_what, more, key, night) => {
  expect(announcedNight(feedOf('out', 'items.csv', schedule() + more), { at, key })).toEqual(night);
});

test('the date of a generation is not that of the night that takes the newest', () => {
  const text =
    'feed: shop\nsource: {s3: {bucket: vendor}}\ntables: {items: {files: "items_{date}.csv", pick: newest, columns: {id: {type: bigint, key: true}}}}\n';
  const feed = parseFeed(text + schedule(), 'feed.yaml');
  expect(announcedNight(feed, { at, key: 'items_2026-11-18.csv' })).toEqual({ last: '2026-11-20', next: '2026-11-21' });
});

test.each([
  ['today', '2026-11-20T00:59:59Z', '2026-11-19', '2026-11-20'],
  ['today', '2026-11-20T01:00:00Z', '2026-11-20', '2026-11-21'],
  ['yesterday', '2026-11-20T00:59:59Z', '2026-11-18', '2026-11-19'],
  ['yesterday', '2026-11-20T01:00:00Z', '2026-11-19', '2026-11-20'],
  // The clocks skip 02:00, so the night begins at 03:00.
  ['today', '2027-03-28T00:59:00Z', '2027-03-27', '2027-03-28'],
  ['today', '2027-03-28T01:00:00Z', '2027-03-28', '2027-03-29'],
])('without a date, business_date %s, at %s: %s or %s', (day, instant, last, next) => {
  expect(announcedNight(feedOf('out', 'items.csv', schedule(day)), { at: instant })).toEqual({ last, next });
});

test('a date of its own counts before that of a key; without a schedule the day counts', () => {
  const feed = feedOf('out/{date}', 'items.csv');
  expect(announcedNight(feed, { at, key: 'out/2026-11-21/items.csv', date: '2026-11-19' })).toEqual({
    date: '2026-11-19',
  });
  expect(announcedNight(feed, { at })).toEqual({ date: '2026-11-20' });
});
