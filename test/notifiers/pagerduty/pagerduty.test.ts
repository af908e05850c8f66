import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
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
test('trouble triggers an incident, and the next run that ends well resolves it', async () => {
  const { url, taken, close } = await hookServer();
  const notifier = pagerDutyNotifier({ key: 'R0UT1NG', url });
  await notifier.send(refused);
  await notifier.send(published);
  await close();
  const [trigger, resolve] = taken.map(({ body }) => JSON.parse(body));
  expect(trigger).toMatchObject({
    routing_key: 'R0UT1NG',
    event_action: 'trigger',
    dedup_key: 'nightfeed/shop',
    payload: {
      summary: 'nightfeed shop/2026-11-20: refused (EMPTY_FILE)',
      source: expect.any(String),
      severity: 'error',
      class: 'EMPTY_FILE',
    },
  });
  expect(trigger.payload.custom_details.message).toContain('EMPTY_FILE: the file is empty');
  expect(resolve).toEqual({ routing_key: 'R0UT1NG', event_action: 'resolve', dedup_key: 'nightfeed/shop' });
});
