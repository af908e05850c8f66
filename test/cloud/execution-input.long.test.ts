import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { keepOperatorJob } from '../../lib/cloud/operator-job.ts';
import type { ExecutionInput } from '../../lib/core/cloud/events.ts';
import { parseRunName } from '../../lib/core/run/keys.ts';
import { approveRun } from '../../lib/workflows/decide.ts';
import { CloudLab } from '../support/aws/cloud-lab.ts';
import { labsAfter } from '../support/nights/labs-after.ts';
import { corrected, dateOf, deliveryOf, feedFile, mostMissing } from '../support/vendors/night-vendor.ts';

const DAY = dateOf(3);
const RUN = `shop/${DAY}`;
const AHEAD = '2962-11-20';
const executionOf = (name: string) =>
  `arn:aws:states:eu-west-1:000000000000:execution:nightfeed-prod-shop-night:${name}`;

const STRICT = feedFile('{folder: "vendor/{date}"}');
const LAX = STRICT.replaceAll('gone: 50%', 'gone: 100%').replaceAll('rows: [-50%', 'rows: [-100%');

const fork = labsAfter(2);

/** A stage whose feed was lax once and is strict now: both documents are in the lake. */
async function deployed() {
  const lab = await fork();
  lab.deliver(DAY, deliveryOf(3));
  const [lax, strict] = [new CloudLab(lab, LAX), new CloudLab(lab, STRICT)];
  for (const each of [lax, strict]) await each.deploy();
  return { lab, lax, strict };
}

const failing = async () => Promise.reject(new Error('said the test'));
const start = (cloud: CloudLab, input: ExecutionInput, name: string = randomUUID()) =>
  cloud.execute(executionOf(name), input);
const approve = (cloud: CloudLab, run: string) =>
  cloud.process((ports) => approveRun(run, { by: 'ada', reason: 'seen' }, ports));

test('an older document of the feed is refused, and nothing is left of it', async () => {
  const { lab, lax, strict } = await deployed();
  lab.deliver(DAY, mostMissing(deliveryOf(3)));
  expect(lax.deployed).not.toBe(strict.deployed);

  for (const input of [{ date: DAY }, { date: DAY, plan: true }, { errand: 'release' }] as const)
    expect(await start(strict, { ...input, feed: lax.deployed })).toMatchObject({
      trace: ['claim'],
      error: { name: 'FEED_OTHER', message: expect.stringContaining(strict.deployed) },
    });

  expect(await lab.states()).not.toHaveProperty(DAY);
  expect(await start(strict, { date: DAY, feed: strict.deployed })).toMatchObject({ state: 'held' });
});

test('what was held goes on under its own document when it is approved, and not before', async () => {
  const { lab, lax, strict } = await deployed();
  lab.deliver(DAY, mostMissing(deliveryOf(3)));
  await start(strict, { date: DAY });

  expect(await start(lax, { resumes: RUN })).toMatchObject({ state: 'held', trace: ['claim'] });
  await approve(strict, RUN);

  expect(await start(lax, { resumes: RUN })).toMatchObject({ state: 'published' });
  await lab.checkInvariants(mostMissing(deliveryOf(3)));
  const [row] = await lab.sql`SELECT feed_hash FROM nightfeed.run WHERE date = ${DAY}`;
  expect(strict.deployed).toBe(`feeds/shop/${row!.feed_hash}.json`);
});

test('what failed begins anew under the deployed document, whichever it was opened with', async () => {
  const { lab, lax, strict } = await deployed();
  lab.deliver(DAY, mostMissing(deliveryOf(3)));
  const first = await lax
    .execute(executionOf('first'), { date: DAY }, async (step, work) => (step === 'diff' ? failing() : work()))
    .catch((error: Error) => error.message);
  expect(first).toBe('said the test');
  await lab.sql`UPDATE nightfeed.run SET state = 'failed', owner = NULL, lease = NULL WHERE date = ${DAY}`;

  expect(await start(strict, { resumes: RUN })).toMatchObject({ state: 'held' });
});

test('what an execution has opened it opens again under the same document, after a deployment too', async () => {
  const { lab, lax, strict } = await deployed();
  lab.deliver(DAY, mostMissing(deliveryOf(3)));
  await start(strict, { date: DAY });
  await approve(strict, RUN);
  const before = (await lab.sql`SELECT feed_hash FROM nightfeed.run WHERE date = ${DAY}`)[0]!.feed_hash;

  let claims = 0;
  const ended = await lax.execute(executionOf('again'), { resumes: RUN }, async (step, work) => {
    // The answer of the first claim is lost.
    if (step === 'claim' && claims++ === 0) await work();
    return work();
  });

  expect([ended.state, claims]).toEqual(['published', 1]);
  expect((await lab.sql`SELECT feed_hash FROM nightfeed.run WHERE date = ${DAY}`)[0]!.feed_hash).toBe(before);
});

test('a revision that is over lends its document to no later one', async () => {
  const { lab, lax, strict } = await deployed();
  expect(await start(lax, { date: DAY })).toMatchObject({ state: 'published' });
  lab.deliver(DAY, mostMissing(corrected(deliveryOf(3))));
  expect(await start(strict, { date: DAY })).toMatchObject({ state: 'held' });

  expect(await start(strict, { resumes: RUN })).toMatchObject({ state: 'unchanged', trace: ['claim'] });

  const rows = await lab.sql`SELECT revision, state FROM nightfeed.run WHERE date = ${DAY} ORDER BY revision`;
  expect([...rows]).toEqual([
    { revision: 1, state: 'published' },
    { revision: 2, state: 'held' },
  ]);
});

test('a release is no night that could be resumed', async () => {
  const { lab, strict } = await deployed();
  const origin = lab.sql.json({ kind: 'release', run: `shop/${dateOf(2)}`, table: null, code: null });
  await lab.sql`INSERT INTO nightfeed.run (feed, date, revision, state, fence, feed_hash, folder, origin, holds, change_set)
    SELECT feed, date, 2, 'held', 1, feed_hash, '', ${origin}, '[]', 'c' FROM nightfeed.run WHERE date = ${dateOf(2)}`;

  expect(await start(strict, { resumes: `shop/${dateOf(2)}-r2` })).toMatchObject({ error: { name: 'RUN_UNKNOWN' } });
});

test('nobody forces a date by his word: the operator says who', async () => {
  const { lab, strict } = await deployed();
  lab.deliver(AHEAD, deliveryOf(3));
  const force = { by: 'the chief', reason: 'because' };
  const errand = randomUUID();
  await strict.process((ports) =>
    keepOperatorJob(
      'shop',
      errand,
      { kind: 'force', date: AHEAD, by: 'arn:aws:iam::1:user/ada', reason: 'fiscal year' },
      ports,
    ),
  );

  for (const [input, error] of [
    [{ date: AHEAD }, 'DATE_AHEAD'],
    [{ date: AHEAD, force }, 'USAGE'],
    [{ date: DAY, force }, 'USAGE'],
    [{ date: AHEAD, forced: true }, 'USAGE'],
    [{ date: AHEAD, plan: true, force }, 'USAGE'],
  ] as const)
    expect([input, (await start(strict, input)).error?.name]).toEqual([input, error]);
  expect((await start(strict, { date: '2963-11-20', forced: true }, errand)).error?.message).toContain('2962-11-20');
  expect((await start(strict, { date: AHEAD, forced: true }, 'a-name-of-mine')).error?.name).toBe('USAGE');
  expect(await lab.states()).not.toHaveProperty(AHEAD);

  expect(await start(strict, { date: AHEAD, forced: true }, errand)).toMatchObject({ state: 'published' });
  const [row] = await lab.sql`SELECT forced FROM nightfeed.run WHERE date = ${AHEAD}`;
  expect(row?.forced).toMatchObject([{ error: 'DATE_AHEAD', by: 'arn:aws:iam::1:user/ada', reason: 'fiscal year' }]);
});

test('a scheduled time far from now opens nothing', async () => {
  const { lab } = await deployed();
  const cloud = new CloudLab(lab, `${STRICT}schedule: {at: "02:00", timezone: Pacific/Auckland}\n`);
  await cloud.deploy();

  for (const [scheduledTime, name] of [
    // In Auckland it is the year 10000 already, which as a text comes before 2026.
    ['9999-12-31T23:59:59Z', 'USAGE'],
    ['2962-11-20T02:00:00Z', 'DATE_AHEAD'],
    ['0001-01-01T00:00:00Z', 'USAGE'],
    // Long before the applied one: refused by the ledger.
    ['1970-01-01T02:00:00Z', 'OLDER_DELIVERY'],
  ] as const)
    expect(await start(cloud, { scheduledTime })).toMatchObject({ trace: ['claim'], error: { name } });
});

test.each(['shop/2026-13-45', 'shop/2026-02-30', 'shop/2026-11-20-r99999999999', 'shop/9999-99-99', '../2026-11-20'])(
  '%s is no name of a run',
  (name) => expect(parseRunName(name)).toBeUndefined(),
);
