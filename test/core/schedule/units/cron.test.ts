import { expect, test } from 'vitest';
import { cronLine } from '../../../../lib/core/schedule/units/cron.ts';
import type { Starting } from '../../../../lib/core/schedule/units/unit.ts';

const starting = (at: string, timezone: string): Starting => ({
  feed: { feed: 'shop', schedule: { at, timezone, business_date: 'today' } } as Starting['feed'],
  feedFile: "/etc/it's 100%/feed.yaml",
  program: ['/usr/bin/node', '/opt/nightfeed.mjs'],
  today: '2026-12-01',
  user: 'nightfeed',
  home: '/var/lib/nightfeed',
  variables: ['VENDOR_PASSWORD'],
});
const lineOf = (at: string, timezone: string, machine: string) =>
  cronLine(starting(at, timezone), machine, new Date('2026-12-01'))[0]!.content.trimEnd().split('\n').at(-1)!;

test.each([
  ['02:30', 'Europe/Berlin', 'UTC', '30 * * * *', 59],
  ['02:05', 'Asia/Kolkata', 'UTC', '35 * * * *', 59],
  ['02:05', 'UTC', 'Asia/Kathmandu', '50 * * * *', 59],
  // Half an hour of summer time: twice an hour, and each half hour belongs to one of them.
  ['02:00', 'Australia/Lord_Howe', 'UTC', '0,30 * * * *', 29],
])('a night at %s in %s, on a machine in %s, is asked for at %s', (at, zone, machine, minutes, window) => {
  const line = lineOf(at, zone, machine);
  expect(line.startsWith(`${minutes} nightfeed `)).toBe(true);
  expect(line.endsWith(` --scheduled ${window}`)).toBe(true);
});

test('cron and its shell read the path as it is', () => {
  expect(lineOf('02:30', 'UTC', 'UTC')).toContain("run '/etc/it'\\''s 100\\%/feed.yaml' --scheduled");
});
