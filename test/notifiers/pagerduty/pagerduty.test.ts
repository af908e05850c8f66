import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { type RunMessage, runMessage } from '../../../lib/core/run/message.ts';
import { pagerDutyNotifier } from '../../../lib/notifiers/pagerduty/pagerduty.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';

const run = (date: string) => ({ feed: 'shop', date, revision: 1 });
const refused = runMessage({
  run: run('2026-11-20'),
  state: 'refused',
  changeSet: null,
  tables: {},
  error: new NightfeedError('EMPTY_FILE', 'the file is empty'),
});
const warning = { table: 'items', guard: 'ROWCOUNT_DROP', value: -0.3, limit: -0.2, unit: 'share' } as const;
const published = runMessage({
  run: run('2026-11-21'),
  state: 'published',
  changeSet: 'abc',
  tables: {},
  warnings: [warning],
});

/** What stands in the reference of the Events API, version 2 (read 2026-11-30). */
async function eventsOf(...messages: RunMessage[]) {
  const { url, taken, close } = await hookServer();
  const notifier = pagerDutyNotifier({ key: 'R0UT1NGKEY', url });
  for (const message of messages) await notifier.send(message);
  await close();
  return taken.map(({ body }) => JSON.parse(body));
}

test('trouble with a date triggers an incident', async () => {
  const [trigger] = await eventsOf(refused);
  expect(trigger).toMatchObject({
    routing_key: 'R0UT1NGKEY',
    event_action: 'trigger',
    dedup_key: 'nightfeed/shop/2026-11-20',
    payload: {
      summary: 'nightfeed shop/2026-11-20: refused (EMPTY_FILE)',
      source: expect.any(String),
      severity: 'error',
      class: 'EMPTY_FILE',
    },
  });
  expect(trigger.payload.custom_details.message).toContain('EMPTY_FILE: the file is empty');
});

test('the date’s own end resolves it, by any revision; another date’s does not', async () => {
  const again = { ...published, run: 'shop/2026-11-20-r2' };
  const resolve = (date: string) => ({
    routing_key: 'R0UT1NGKEY',
    event_action: 'resolve',
    dedup_key: `nightfeed/shop/${date}`,
  });
  expect(await eventsOf(published, again)).toMatchObject([resolve('2026-11-21'), resolve('2026-11-20')]);
});

test('a test pages and ends what it began, and no incident of a run', async () => {
  const test = { ...published, id: 'shop/test:now', state: 'superseded' as const, isTest: true as const };
  const events = await eventsOf(test);
  expect(events.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
    ['trigger', 'nightfeed/shop/test:now'],
    ['resolve', 'nightfeed/shop/test:now'],
  ]);
});
