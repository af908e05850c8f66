import { expect, onTestFinished, test } from 'vitest';
import { runEventOf, runEventSchema } from '../../../lib/core/cloud/run-event.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { type RunState, runStates } from '../../../lib/core/run/state.ts';
import { eventBridgeNotifier } from '../../../lib/notifiers/eventbridge/eventbridge.ts';
import { fakeEventBridge } from '../../support/vendors/fake-event-bridge.ts';

const BUS = 'arn:aws:events:eu-west-1:123456789012:event-bus/nights';
const run = { feed: 'shop', date: '2026-11-20', revision: 2 };
const published = runMessage({
  run,
  state: 'published',
  changeSet: 'abc',
  tables: { items: { inserted: 2, updated: 1, unchanged: 7, files: { note: 'the vendor said' } } },
});

async function lab() {
  const server = await fakeEventBridge();
  onTestFinished(() => server.close());
  const { endpoint, config } = server;
  return { server, notifier: eventBridgeNotifier({ bus: BUS, stage: 'prod', endpoint }, config) };
}

test('an event says which run ended how, and what it changed', async () => {
  const { server, notifier } = await lab();

  await notifier.send(published);

  expect(server.taken).toEqual([
    { EventBusName: BUS, Source: 'nightfeed', DetailType: 'Run published', Detail: expect.any(String) },
  ]);
  expect(JSON.parse(server.taken[0]!.Detail)).toEqual({
    version: 1,
    id: 'shop/2026-11-20-r2:published:abc',
    stage: 'prod',
    feed: 'shop',
    run: 'shop/2026-11-20-r2',
    date: '2026-11-20',
    revision: 2,
    state: 'published',
    subject: 'nightfeed shop/2026-11-20-r2: published',
    change_set: 'abc',
    tables: { items: { inserted: 2, updated: 1, returned: 0, gone: 0, rejected: 0 } },
    held_by: [],
    error: null,
  });
  expect(server.authorizations[0]).toMatch(/^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/eu-west-1\/events\/aws4_request/);
});

test.each(runStates.filter((state) => state !== 'running'))(
  'a run that ended %s makes an event of the schema',
  (state) => {
    const error = isFailure(state) ? new NightfeedError('LATE', 'nothing came') : null;
    const holds = [{ table: null, guard: 'MASS_DELETE', value: 1, limit: 0, unit: 'share' }] as const;
    const message = runMessage({
      run,
      state,
      changeSet: null,
      tables: {},
      error,
      ...(state === 'held' ? { holds } : {}),
    });

    const { detailType, detail } = runEventOf(message, 'prod');

    expect(detailType).toBe(`Run ${state}`);
    expect(runEventSchema.parse(detail)).toEqual(detail);
    expect(detail.held_by).toEqual(state === 'held' ? ['MASS_DELETE'] : []);
    expect(detail).not.toHaveProperty('tables');
  },
);

test('an entry that failed in an answer of status 200 is no success', async () => {
  const { server, notifier } = await lab();
  server.answers.refuses = 'NotAuthorizedForSourceException';
  await expect(notifier.send(published)).rejects.toMatchObject({
    name: 'NOTIFIER_UNAVAILABLE',
    message: expect.stringMatching(/event-bus\/nights: NotAuthorizedForSourceException: as the test wants/),
  });
  expect(server.authorizations).toHaveLength(1);
});

test('what may pass is tried again', async () => {
  const { server, notifier } = await lab();
  server.answers.outages = 1;
  await notifier.send(published);
  expect(server.taken).toHaveLength(1);
  expect(server.authorizations).toHaveLength(2);
});

function isFailure(state: RunState): boolean {
  return state === 'late' || state === 'refused' || state === 'failed';
}
