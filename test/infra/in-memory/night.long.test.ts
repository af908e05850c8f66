import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../../lib/cloud/execution.ts';
import { keepOperatorJob } from '../../../lib/cloud/operator-job.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { GuardName } from '../../../lib/core/guards/guard-names.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { approveRun } from '../../../lib/workflows/decide.ts';
import type { CloudLab } from '../../support/aws/cloud-lab.ts';
import { deliveryOf, empty, mostMissing } from '../../support/vendors/night-vendor.ts';
import { DAY, execute, FIRST, laptopSteps, nightInMemory, RUN, SECOND } from './in-memory-night.ts';

const deployed = nightInMemory();

describe('a night', () => {
  test.each([
    ['published', (cloud: CloudLab) => cloud.lab.deliver(DAY, deliveryOf(3))],
    ['held', (cloud: CloudLab) => cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)))],
    ['late', (cloud: CloudLab) => cloud.lab.remove(DAY)],
    ['refused', (cloud: CloudLab) => empty(join(cloud.lab.folder, 'vendor', DAY, 'stock.csv'))],
  ])('that ends %s takes the steps of lib/workflows/night.ts', async (outcome, prepare) => {
    const [laptop, cloud] = [await deployed(), await deployed()];
    for (const each of [laptop, cloud]) prepare(each);
    const steps = await laptopSteps(laptop);

    const { trace, state, error } = await execute(cloud, FIRST, { scheduledTime: `${DAY}T02:00:00Z` });

    expect(state.toLowerCase(), JSON.stringify(error)).toBe(outcome);
    expect(trace).toEqual(steps);
    expect(await cloud.lab.states()).toMatchObject({ [DAY]: outcome });
    expect(cloud.messages).toEqual([expect.stringMatching(`^nightfeed ${RUN}: ${outcome}`)]);
    await cloud.lab.checkInvariants(deliveryOf(outcome === 'published' ? 3 : 2));
  });

  test('that was held goes on when somebody approved it', async () => {
    const cloud = await deployed();
    cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));
    await execute(cloud, FIRST, { date: DAY });
    await cloud.process((ports) => approveRun(RUN, { by: 'ada', reason: 'seen' }, ports));

    expect(await execute(cloud, SECOND, { resumes: RUN })).toMatchObject({ trace: stepNames, state: 'Published' });
    await cloud.lab.checkInvariants(mostMissing(deliveryOf(3)));
  });

  test('that two guards held goes on when both are approved, and not before', async () => {
    const cloud = await deployed();
    cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));
    await execute(cloud, FIRST, { date: DAY });
    const approve = (guard: GuardName) =>
      cloud.process((ports) => approveRun(RUN, { by: 'ada', reason: 'seen', guard }, ports));

    expect((await approve('MASS_DELETE')).open).toMatchObject([{ guard: 'ROWCOUNT_DROP' }]);
    expect(await execute(cloud, SECOND, { resumes: RUN })).toMatchObject({
      state: 'Held',
      trace: ['claim'],
    });
    expect((await approve('ROWCOUNT_DROP')).open).toEqual([]);
    expect(await execute(cloud, `${SECOND}-2`, { resumes: RUN })).toMatchObject({ state: 'Published' });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: held`, `nightfeed ${RUN}: published`]);
    await cloud.lab.checkInvariants(mostMissing(deliveryOf(3)));
  });

  test('tells in its message what a guard warned of in another process', async () => {
    const cloud = await deployed(
      'schedule: {at: "02:00", timezone: UTC}\nguards: {late: {limit: 1m, severity: warn}}\n',
    );

    expect(await execute(cloud, FIRST, { date: DAY })).toMatchObject({ state: 'Published' });

    const [row] = await cloud.lab.sql`
      SELECT message, warnings FROM nightfeed.outbox JOIN nightfeed.run USING (feed, date, revision) WHERE date = ${DAY}`;
    expect(row?.warnings).toMatchObject([{ guard: 'DELIVERED_LATE', table: null, unit: 'minutes', limit: 1 }]);
    expect(row?.message.warnings).toEqual(row?.warnings);
  });

  test('shows rows in the message of its hold where the feed wants them', async () => {
    const cloud = await deployed('guards: {samples_in_messages: true}\n');
    cloud.lab.deliver(DAY, mostMissing(deliveryOf(3)));

    await execute(cloud, FIRST, { date: DAY });

    const [row] = await cloud.lab.sql`SELECT message FROM nightfeed.outbox WHERE date = ${DAY}`;
    expect(row?.message.samples).toMatchObject([
      { guard: 'ROWCOUNT_DROP' },
      { guard: 'MASS_DELETE', table: 'products' },
    ]);
  });

  test('of a day that is over is unchanged, also when the same comes under a new time', async () => {
    const cloud = await deployed();
    await execute(cloud, FIRST, { date: DAY });

    expect(await execute(cloud, SECOND, { date: DAY })).toMatchObject({
      trace: ['claim', 'look', 'claim'],
      state: 'Unchanged',
    });
    cloud.lab.deliver(DAY, deliveryOf(3), 5);
    expect(await execute(cloud, SECOND, { date: DAY })).toMatchObject({
      trace: ['claim', 'look', 'claim', 'arrive', 'pull', 'diff'],
      state: 'Unchanged',
    });
  });

  test('waits for its delivery until the deadline', async () => {
    const cloud = await deployed('schedule: {at: "02:00", timezone: UTC, deadline: "04:00"}\n');
    cloud.lab.remove(DAY);
    let looks = 0;

    const { trace, state } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name === 'arrive' && ++looks === 3) cloud.lab.deliver(DAY, deliveryOf(3));
      return work((ports) => ({ ...ports, now: () => new Date(`${DAY}T03:00:00Z`) }));
    });

    expect(state).toBe('Published');
    expect(trace).toEqual(['claim', 'arrive', 'arrive', ...stepNames.slice(1)]);
  });

  test('is looked at twice, by two functions of which the second knows from the ledger what the first saw', async () => {
    const cloud = await deployed('', '60s');
    let passed = 0;
    const looks: number[] = [];

    const { trace, state } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name === 'arrive') {
        passed += 30;
        looks.push(passed);
      }
      // In the middle of it the vendor writes once more.
      if (looks.length === 2) cloud.lab.deliver(DAY, deliveryOf(3), 5);
      return work((ports) => ({ ...ports, now: () => new Date(Date.parse(`${DAY}T03:00:00Z`) + passed * 1000) }));
    });

    expect([state, looks]).toEqual(['Published', [30, 60, 90, 120]]);
    expect(trace.filter((step) => step === 'arrive')).toHaveLength(4);
    const [row] = await cloud.lab.sql`SELECT look FROM nightfeed.run WHERE date = ${DAY}`;
    expect(row?.look).toMatchObject({ at: `${DAY}T03:01:00.000Z` });
  });

  test('is planned without a word to production', async () => {
    const cloud = await deployed();

    expect(await execute(cloud, FIRST, { date: DAY, plan: true })).toMatchObject({
      trace: ['claim'],
      state: 'Planned',
    });
    expect(await cloud.process((ports) => planOf('shop', FIRST, ports))).toMatchObject({ state: 'published' });
    await cloud.lab.checkInvariants(deliveryOf(2));
  });

  test('of a date later than tomorrow is refused, planned too, unless somebody asked the operator for it', async () => {
    const cloud = await deployed();
    const date = '2962-11-20';
    cloud.lab.deliver(date, deliveryOf(3));

    for (const input of [{ date }, { date, plan: true } as const, { scheduledTime: `${date}T02:00:00Z` }])
      expect(await execute(cloud, FIRST, input)).toMatchObject({ trace: ['claim'], state: 'Refused' });
    expect(await cloud.lab.states()).not.toHaveProperty(date);

    const force = { by: 'ada', reason: 'dated by fiscal year' };
    const errand = '01234567-89ab-cdef-0123-456789abcdef';
    await cloud.process((ports) => keepOperatorJob('shop', errand, { kind: 'force', date, ...force }, ports));
    const execution = FIRST.replace('first', errand);
    expect(await execute(cloud, execution, { date, forced: true })).toMatchObject({ state: 'Published' });
    const [row] = await cloud.lab.sql`SELECT forced FROM nightfeed.run WHERE date = ${date}`;
    expect(row?.forced).toMatchObject([{ error: 'DATE_AHEAD', ...force }]);
  });

  test('compares again when another delivery was published meanwhile', async () => {
    const cloud = await deployed();
    let moved = 0;

    const { trace, state } = await execute(cloud, FIRST, { date: DAY }, (name, work) =>
      work((ports) => {
        if (name !== 'publish' || moved++ > 0) return ports;
        const publish = async () => Promise.reject(new NightfeedError('BASE_MOVED', 'somebody was faster'));
        return { ...ports, target: { ...ports.target, publish } };
      }),
    );

    expect(state).toBe('Published');
    expect(trace).toEqual([...stepNames.slice(0, 6), 'diff', 'guard', 'publish', 'notify', 'tidy']);
  });
});
