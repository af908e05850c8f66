import { expect, test } from 'vitest';
import { claimExecution } from '../../lib/cloud/execution.ts';
import { runFunctionStep } from '../../lib/cloud/step-worker.ts';
import type { ClaimEvent } from '../../lib/core/cloud/events.ts';
import { stepNames } from '../../lib/core/workflow/workflows.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { CloudLab } from '../support/aws/cloud-lab.ts';
import { dateOf, deliveryOf, feedFile } from '../support/vendors/night-vendor.ts';
import { claimed, cloudNight, DAY, event, FIRST, RUN, SECOND } from './cloud-night.ts';

const { deployed } = cloudNight();

const claimOf = (cloud: CloudLab, looked: ClaimEvent['looked']) => {
  const started = `${DAY}T02:00:00Z`;
  return cloud.process((ports) =>
    claimExecution({ input: { date: DAY }, execution: SECOND, started, looked }, cloud.deployed, ports),
  );
};

test('whoever decides does not meet the vendor', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });
  const met: string[] = [];

  for (const minutes of [0, 5]) {
    cloud.lab.deliver(DAY, deliveryOf(3), minutes);
    await cloud.execute(SECOND, { date: DAY }, (process, work) =>
      work((ports) => ({
        ...ports,
        openSource: (feed, date) => {
          met.push(process);
          return ports.openSource(feed, date);
        },
      })),
    );
  }

  expect([...new Set(met)].sort()).toEqual(['arrive', 'look', 'pull']);
});

test('what a look says counts for the run that was looked at', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  const earlier = { run: `shop/${dateOf(2)}`, outcome: 'new' } as const;
  expect(await claimOf(cloud, earlier)).toEqual({ run: RUN, outcome: 'settled' });
  expect(await claimOf(cloud, { run: RUN, outcome: 'same' })).toEqual({ run: RUN, outcome: 'unchanged' });
  expect(await claimOf(cloud, { run: RUN, outcome: 'new' })).toEqual({ run: `${RUN}-r2`, outcome: 'opened' });
});

test('an execution of a state machine from before, which has no look, says that it is to be started again', async () => {
  const cloud = await deployed();
  await cloud.execute(FIRST, { date: DAY });

  await expect(claimOf(cloud, undefined)).rejects.toMatchObject({
    name: 'EXECUTION_DIED',
    message: expect.stringContaining('began before this version was deployed'),
  });
  expect(await cloud.lab.states()).toMatchObject({ [DAY]: 'published' });
});

test('without a delivery it is late, and goes on when there is one', async () => {
  const cloud = await deployed();
  cloud.lab.remove(DAY);

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({ state: 'late', error: { name: 'LATE' } });
  expect(cloud.messages).toEqual([`nightfeed ${RUN}: late (LATE)`]);

  cloud.lab.deliver(DAY, deliveryOf(3));
  expect(await cloud.execute(SECOND, { date: DAY })).toMatchObject({ state: 'published' });
  await cloud.lab.checkInvariants(deliveryOf(3));
});

test('before the deadline it says how long to wait, in whole seconds', async () => {
  const schedule = 'schedule: {at: "02:00", timezone: UTC, deadline: "04:00"}\n';
  const cloud = await deployed(feedFile('{folder: "vendor/{date}"}') + schedule);
  cloud.lab.remove(DAY);
  await claimed(cloud);
  const at = (time: string) => (ports: Ports) =>
    runFunctionStep('arrive', event, { ...ports, now: () => new Date(`${DAY}T${time}Z`) });

  expect(await cloud.process(at('03:00:00'))).toEqual({ outcome: 'waiting', seconds: 30 });
  expect(await cloud.process(at('03:59:50.300'))).toEqual({ outcome: 'waiting', seconds: 10 });
  await expect(cloud.process(at('04:00:00'))).rejects.toMatchObject({ name: 'LATE' });
});

test('a delivery that may still grow is looked at twice', async () => {
  const cloud = await deployed();
  cloud.lab.deliver(DAY, deliveryOf(3), 0);

  expect(await cloud.execute(FIRST, { date: DAY })).toMatchObject({
    state: 'published',
    trace: ['claim', 'arrive', ...stepNames.slice(1)],
  });
  expect(cloud.log).toContainEqual(expect.stringContaining('may still be growing; looking again in 60 s'));
});
