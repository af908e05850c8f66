import { expect, test } from 'vitest';
import { outcomeOf } from '../../lib/cloud/outcome.ts';
import { runTaskStep } from '../../lib/cloud/step-worker.ts';
import { stop } from '../../lib/cloud/stop.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { corrected, deliveryOf, mostMissing } from '../support/vendors/night-vendor.ts';
import { approve, claimed, cloudNight, DAY, dying, event, FIRST, RUN, SECOND } from './cloud-night.ts';

const { deployed, twin } = cloudNight();

test.each(['claim', 'arrive', 'guard'] as const)(
  '%s asked again, because its answer was lost, gives the same',
  async (step) => {
    const cloud = await deployed();
    cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));
    await cloud.execute(FIRST, { date: DAY });
    await approve(cloud);
    cloud.lab.deliver(DAY, corrected(deliveryOf(3)));
    let lost = 0;

    const ended = await cloud.execute(SECOND, { resumes: RUN }, async (asked, work) => {
      if (asked === step && lost++ === 0) await work();
      return work();
    });

    expect(lost).toBeGreaterThan(0);
    expect(ended).toMatchObject({ state: 'published' });
    await cloud.lab.checkInvariants(mostMissing(deliveryOf(3)));
  },
);

test.each(['pull', 'diff', 'publish', 'tidy'] as const)(
  'a %s task that dies without a word is begun again',
  async (step) => {
    const cloud = await deployed();
    let deaths = 0;

    const ended = await cloud.execute(FIRST, { date: DAY }, async (asked, work) => {
      if (asked === step && deaths++ === 0) await work(dying).catch(() => {});
      return work();
    });

    expect(deaths).toBe(1);
    expect(ended).toMatchObject({ state: 'published' });
    await cloud.lab.checkInvariants(deliveryOf(3));
    expect(await cloud.lab.fingerprints()).toEqual(await twin().fingerprints());
  },
);

test('a process that was thought dead is fenced when it wakes up', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive', 'pull');
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let slept = () => {};
  const sleeping = new Promise<void>((resolve) => {
    slept = resolve;
  });
  const first = cloud.process((ports) =>
    runTaskStep('diff', event, {
      ...ports,
      reach: async (point) => {
        if (point !== 'diff.engine') return;
        slept();
        await asleep;
      },
    }),
  );
  await sleeping;

  expect(await cloud.process((ports) => runTaskStep('diff', event, ports))).toEqual({ outcome: 'compared' });
  wake();

  expect(await first).toMatchObject({ name: 'FENCED' });
  expect(await cloud.process((ports) => outcomeOf('diff', event, ports))).toEqual({ outcome: 'compared' });
});

test('the run of a dead execution is released and told once, and the next execution has it at once', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive', 'pull');
  const died = { detail: { executionArn: FIRST, status: 'ABORTED' } };

  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'busy', error: { name: 'BUSY' } });
  expect(await cloud.process((ports) => stop(died, ports))).toEqual({ state: 'failed' });
  expect(await cloud.process((ports) => stop(died, ports))).toEqual({ state: 'failed' });

  expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (EXECUTION_DIED)`]);
  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'published' });
});

test('what stops after the commit leaves the run published', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  const stopped = await cloud.process((ports) => stop({ ...event, error: { Error: 'States.Timeout' } }, ports));

  expect(stopped).toEqual({ state: 'published' });
  expect(await cloud.process((ports) => runTaskStep('publish', event, ports))).toEqual({ outcome: 'published' });
});

test('a task that cannot read its feed says so in the ledger', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const readText = async () => Promise.reject(new NightfeedError('STORE_DENIED', 'the key of the lake is not ours'));
  const denied = (ports: Ports) => runTaskStep('pull', event, { ...ports, store: { ...ports.store, readText } });

  expect(await cloud.process(denied)).toMatchObject({ name: 'STORE_DENIED' });
  await expect(cloud.process((ports) => outcomeOf('pull', event, ports))).rejects.toMatchObject({
    name: 'STORE_DENIED',
    message: 'the key of the lake is not ours',
  });
});

test('a transient failure is waited out in the task', async () => {
  const cloud = await deployed();
  const pauses: number[] = [];
  let failures = 6;

  const ended = await cloud.execute(FIRST, { date: DAY }, (step, work) =>
    work((ports) => ({
      ...ports,
      sleep: async (milliseconds) => {
        if (step === 'publish') pauses.push(milliseconds);
      },
      target: {
        ...ports.target,
        publish: async (publication) => {
          if (step === 'publish' && failures-- > 0) throw new NightfeedError('DATABASE_UNAVAILABLE', 'failing over');
          return ports.target.publish(publication);
        },
      },
    })),
  );

  expect(ended).toMatchObject({ state: 'published' });
  expect(pauses.filter((pause) => pause >= 10_000)).toEqual([15_000]);
});

test.each([
  { error: { Error: 'States.Timeout' }, says: 'States.Timeout: no reason was given' },
  {
    error: {
      Error: 'States.TaskFailed',
      Cause: JSON.stringify({
        StoppedReason: 'Essential container in task exited',
        Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: killed' }],
      }),
    },
    says: 'States.TaskFailed: Essential container in task exited; OutOfMemoryError: killed',
  },
])('a task that ended with $error.Error and no word ends the run as EXECUTION_DIED', async ({ error, says }) => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');

  await expect(cloud.process((ports) => outcomeOf('pull', event, ports))).rejects.toMatchObject({ name: 'UNFORESEEN' });
  expect(await cloud.process((ports) => stop({ ...event, error }, ports))).toEqual({ state: 'failed' });
  const [row] = await cloud.lab.sql`SELECT error FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row!.error).toMatchObject({ name: 'EXECUTION_DIED', message: says });
});

test('an unforeseen failure makes the task fail, and is in the ledger with its words', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const broken = (ports: Ports) =>
    runTaskStep('pull', event, {
      ...ports,
      openSource: () => Promise.reject(new TypeError('undefined is no function')),
    });

  await expect(cloud.process(broken)).rejects.toMatchObject({ name: 'UNFORESEEN' });

  expect(await cloud.process((ports) => stop({ ...event, error: { Error: 'States.TaskFailed' } }, ports))).toEqual({
    state: 'failed',
  });
  const [row] = await cloud.lab.sql`SELECT error FROM nightfeed.run WHERE date = ${DAY}`;
  expect(row!.error).toMatchObject({ name: 'UNFORESEEN', message: 'undefined is no function' });
});

test('a failure that the ledger cannot be told makes the task fail', async () => {
  const cloud = await deployed();
  await claimed(cloud, 'arrive');
  const openSource = () => Promise.reject(new NightfeedError('SOURCE_DENIED', 'no such folder'));

  expect(await cloud.process((ports) => runTaskStep('pull', event, { ...ports, openSource }))).toMatchObject({
    name: 'SOURCE_DENIED',
  });
  await expect(
    cloud.process((ports) => runTaskStep('pull', event, dying({ ...ports, openSource }))),
  ).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
});
