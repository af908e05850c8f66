import { expect, test } from 'vitest';
import { lastDue } from './schedule.ts';

test.each([
  ['just due', 'cron(0 3 * * ? *)', 'UTC', '2026-11-20T03:00:00Z', '2026-11-20T03:00:00.000Z'],
  ['within the minute', 'cron(0 3 * * ? *)', 'UTC', '2026-11-20T03:00:59Z', '2026-11-20T03:00:00.000Z'],
  ['the day before', 'cron(0 3 * * ? *)', 'UTC', '2026-11-20T02:59:59Z', '2026-11-19T03:00:00.000Z'],
  ['in winter', 'cron(30 2 * * ? *)', 'Europe/Berlin', '2026-11-20T12:00:00Z', '2026-11-20T01:30:00.000Z'],
  ['in summer', 'cron(30 2 * * ? *)', 'Europe/Berlin', '2026-07-20T12:00:00Z', '2026-07-20T00:30:00.000Z'],
  [
    'never on the day on which the clocks skip it',
    'cron(30 2 * * ? *)',
    'Europe/Berlin',
    '2026-03-29T12:00:00Z',
    '2026-03-28T01:30:00.000Z',
  ],
])('a daily schedule is due: %s', (_title, expression, zone, now, due) => {
  expect(lastDue(expression, zone, new Date(now)).toISOString()).toBe(due);
});

test('another expression is refused', () => {
  expect(() => lastDue('rate(1 day)', 'UTC', new Date())).toThrow('not a daily schedule: rate(1 day)');
});
