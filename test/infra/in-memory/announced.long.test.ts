import { expect, test } from 'vitest';
import type { ExecutionInput } from '../../../lib/core/cloud/events.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import type { CloudLab } from '../../support/aws/cloud-lab.ts';
import { corrected, dateOf, deliveryOf, mostMissing } from '../../support/vendors/night-vendor.ts';
import { DAY, execute, FIRST, type Meddle, nightInMemory, RUN } from './in-memory-night.ts';

const deployed = nightInMemory();
const inBerlin = 'schedule: {at: "02:00", timezone: Europe/Berlin}\n';
const NIGHT = { scheduledTime: `${DAY}T01:00:00Z` };

/** Five hours before the schedule. */
const EARLY = `${dateOf(2)}T20:00:00Z`;
const announced = (more: { key?: string; date?: string } = {}, at = EARLY): ExecutionInput => ({
  announced: { at, ...more },
});
const keyOf = (name: string, date = DAY) => announced({ key: `${date}/${name}` });
const nowIs =
  (instant: string): Meddle =>
  (_name, work) =>
    work((ports) => ({ ...ports, now: () => new Date(instant) }));

let started = 0;
function start(cloud: CloudLab, input: ExecutionInput, meddle = nowIs(EARLY)) {
  started += 1;
  return execute(cloud, FIRST.replace('first', `number-${started}`), input, meddle);
}

const looked = ['claim', 'look', 'claim'];

test('a delivery that is announced is loaded at once, and the schedule finds nothing to do', async () => {
  const cloud = await deployed(inBerlin);

  expect(await start(cloud, keyOf('products.csv'))).toMatchObject({
    trace: ['claim', 'look', ...stepNames],
    state: 'Published',
  });
  // The same event again, that of the other file, and one without a date.
  for (const input of [keyOf('products.csv'), keyOf('stock.csv'), announced()])
    expect(await start(cloud, input)).toMatchObject({ trace: looked, state: 'Unchanged' });
  expect(await start(cloud, NIGHT, nowIs(`${DAY}T01:00:00Z`))).toMatchObject({ trace: looked, state: 'Unchanged' });

  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
  await cloud.lab.checkInvariants(deliveryOf(3));
});

test('an event before the delivery is whole opens nothing and is no alarm; the last file or the schedule begins the night', async () => {
  const cloud = await deployed(inBerlin);
  cloud.lab.remove(DAY);

  for (const input of [keyOf('products.csv'), announced(), announced({ date: DAY })])
    expect(await start(cloud, input)).toEqual({ trace: looked, state: 'Awaited', error: null, attempts: {} });
  expect(await cloud.lab.states()).not.toHaveProperty(DAY);
  expect(cloud.messages).toEqual([]);

  cloud.lab.deliver(DAY, deliveryOf(3));
  expect(await start(cloud, NIGHT, nowIs(`${DAY}T01:00:00Z`))).toMatchObject({ trace: stepNames, state: 'Published' });
});

test('a night that was late goes on with the event of its delivery, with a date or without', async () => {
  for (const input of [keyOf('products.csv'), announced({}, `${DAY}T05:00:00Z`)]) {
    const cloud = await deployed(inBerlin);
    cloud.lab.remove(DAY);
    const then = nowIs(`${DAY}T05:00:00Z`);
    expect(await start(cloud, NIGHT, then)).toMatchObject({ state: 'Late' });

    cloud.lab.deliver(DAY, deliveryOf(3));

    expect(await start(cloud, input, then)).toMatchObject({ state: 'Published' });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: late (LATE)`, `nightfeed ${RUN}: published`]);
    await cloud.lab.checkInvariants(deliveryOf(3));
  }
});

test('what is written again after its night is the next revision; a hold stays a hold', async () => {
  const cloud = await deployed(inBerlin);
  await start(cloud, keyOf('products.csv'));
  cloud.lab.deliver(DAY, corrected(deliveryOf(3)), 5);
  expect(await start(cloud, keyOf('products.csv'))).toMatchObject({ state: 'Published' });
  cloud.lab.deliver(dateOf(4), mostMissing(deliveryOf(4)));
  const next = { ...keyOf('products.csv', dateOf(4)) };
  const then = nowIs(`${DAY}T20:00:00Z`);
  for (const _again of [1, 2]) expect(await start(cloud, next, then)).toMatchObject({ state: 'Held' });
  expect(cloud.messages).toEqual([
    `nightfeed ${RUN}: published`,
    `nightfeed ${RUN}-r2: published`,
    `nightfeed shop/${dateOf(4)}: held`,
  ]);
});

test('a date too far ahead, and one that production is past, begin nothing and wake nobody', async () => {
  const cloud = await deployed(inBerlin);
  for (const date of ['2962-11-20', dateOf(9), dateOf(1)])
    expect(await start(cloud, announced({ date }))).toEqual({
      trace: ['claim'],
      state: 'Awaited',
      error: null,
      attempts: {},
    });
  expect(cloud.messages).toEqual([]);
});

test.each([
  [{ announced: { at: EARLY, date: '2026-02-30' } }, 'USAGE'],
  [{ announced: { at: 'tonight' } }, 'USAGE'],
  [{ announced: { at: EARLY, key: { not: 'a text' } } }, 'USAGE'],
  [{ announced: { at: EARLY }, feed: 'feeds/shop/0123456789abcdef.json' }, 'FEED_OTHER'],
  [{ announced: { at: EARLY }, force: true }, 'USAGE'],
])('%j is refused as %s', async (input, name) => {
  const cloud = await deployed(inBerlin);
  expect(await start(cloud, input as never)).toMatchObject({ trace: ['claim'], error: { name } });
  expect(await cloud.lab.states()).not.toHaveProperty(DAY);
});

test('events beside a night at work leave it alone', async () => {
  const cloud = await deployed(inBerlin);
  const during: unknown[] = [];
  cloud.lab.deliver(dateOf(4), deliveryOf(4));

  const { state } = await start(cloud, keyOf('products.csv'), async (name, work) => {
    const done = await nowIs(EARLY)(name, work);
    if (name !== 'guard') return done;
    for (const input of [keyOf('stock.csv'), NIGHT, keyOf('products.csv', dateOf(4))])
      during.push(await start(cloud, input, nowIs(`${DAY}T01:00:00Z`)));
    return done;
  });

  expect(during).toMatchObject([
    { trace: ['claim'], state: 'Running', error: null },
    { trace: ['claim'], state: 'Running', error: null },
    // Its own schedule will start it.
    { trace: ['claim'], state: 'Awaited', error: null },
  ]);
  expect(state).toBe('Published');
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
});

test('a claim whose answer was lost goes on with the run that it opened', async () => {
  const cloud = await deployed(inBerlin);
  let claims = 0;
  const ended = await start(cloud, keyOf('products.csv'), async (name, work) => {
    const done = await nowIs(EARLY)(name, work);
    if (name === 'claim') claims += 1;
    if (name === 'claim' && claims === 2) throw Object.assign(new Error('no answer'), { name: 'Lambda.Unknown' });
    return done;
  });
  expect([ended.state, claims]).toEqual(['Published', 3]);
});

test('what was published between the look and the second claim is not loaded again, and no other night is begun', async () => {
  const cloud = await deployed(inBerlin);
  cloud.lab.remove(DAY);
  const then = nowIs(`${DAY}T05:00:00Z`);
  await start(cloud, NIGHT, then);
  cloud.lab.deliver(DAY, deliveryOf(3));
  cloud.lab.deliver(dateOf(4), deliveryOf(4));

  const ended = await start(cloud, announced({}, `${DAY}T05:00:00Z`), async (name, work) => {
    const done = await then(name, work);
    if (name === 'look' && cloud.messages.length === 1) await start(cloud, { date: DAY }, then);
    return done;
  });

  expect(ended).toMatchObject({ trace: ['claim', 'look', 'claim', 'look', 'claim'], state: 'Unchanged' });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: late (LATE)`, `nightfeed ${RUN}: published`]);
});
