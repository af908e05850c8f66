import { expect, test } from 'vitest';
import { complaintsOf, good } from './complaints.ts';

const dates =
  'dates are {date}, {yyyymmdd}, {ddmmyyyy}, {yymmdd}, {yyyy}, {mm}, {dd}, and {date:…} with YYYY, YY, MONTH, Month, month, MON, Mon, mon, MM, M, DD, D and what is between them, such as {date:DD-MON-YYYY}';

/** A piece of the good feed, what is written in its place, and the whole complaint. */
test.each<[piece: string, fault: string, complaint: string]>([
  ['feed: shop', 'feed: Shop', '1: feed: expected lower-case letters, digits and dashes, at most 40, received "Shop"'],
  ['feed: shop', 'feed: 12', '1: feed: expected lower-case letters, digits and dashes, at most 40, received 12'],
  ['feed: shop\n', '', '1: feed: expected lower-case letters, digits and dashes, at most 40, received nothing'],
  [
    'tables:\n',
    'target: {accept: [products.audit]}\ntables:\n',
    '4: target.accept.0: expected an object as TARGET_OBJECT names it, such as "trigger products.audit", received "products.audit"',
  ],
  ['tables:', 'ready: {marker: "done_{date:HH}"}\ntables:', `4: ready.marker: {date:HH} is not a date; ${dates}`],
])('%j → %j', (piece, fault, complaint) => {
  expect(complaintsOf(good.replace(piece, fault))).toBe(`feed.yaml:${complaint}`);
});

/** Lines after the good feed's nine, and the whole complaint. */
test.each<[lines: string, complaint: string]>([
  [
    'targets: {schema: x}',
    '10: targets: expected one of feed, schedule, source, ready, expect, ignore_members, target, engine, spark, channels, after, keep, guards, tables, received "targets"',
  ],
  ['schedule: {at: 2:00, timezone: UTC}', '10: schedule.at: expected a time of day such as "02:00", received "2:00"'],
  [
    'schedule:\n  at: 02:00\n  timezone: Berlin',
    '12: schedule.timezone: expected an IANA time zone such as America/New_York, received "Berlin"',
  ],
  ['ready: {stable: 60}', '10: ready.stable: expected a duration such as 60s, 5m or 1h, received 60'],
  ['ready: 60s', '10: ready: expected options by name, received "60s"'],
  ['expect: 0', '10: expect: expected at least 1, received 0'],
  ['expect: two', '10: expect: expected a number, received "two"'],
  ['engine: flink', '10: engine: expected auto or duckdb or lockstep or spark, received "flink"'],
  [
    'target: {schema: nightfeed}',
    '10: target.schema: expected a PostgreSQL schema in lower case, none of nightfeed…, pg_… and information_schema, received "nightfeed"',
  ],
  ['guards: {late: 30m}', '10: guards.late: needs a schedule, which says when the night starts'],
  ['guards: {learn: {after: 9, nights: 8}}', '10: guards.learn.after: waits for 9 nights; only 8 are looked at'],
])('%j', (lines, complaint) => {
  expect(complaintsOf(`${good}${lines}\n`)).toBe(`feed.yaml:${complaint}`);
});
