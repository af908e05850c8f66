import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { FailPoint } from '../../../lib/core/run/fail-point.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { deliveryOf } from '../../support/vendors/night-vendor.ts';
import {
  context,
  DAY,
  definition,
  execute,
  FIRST,
  failingOnce,
  LambdaUnknown,
  lambdas,
  nightInMemory,
  processDoing,
  RUN,
  SECOND,
  stateOf,
  TaskFailed,
} from './in-memory-night.ts';

const deployed = nightInMemory();

describe('what is tried again', () => {
  test.each([
    ['Lambda.Unknown', () => new LambdaUnknown('no answer')],
    ['DATABASE_UNAVAILABLE', () => new NightfeedError('DATABASE_UNAVAILABLE', 'starting up')],
  ])('every function after %s, and every task that died', async (_name, functions) => {
    const cloud = await deployed();

    const { trace, state, attempts } = await execute(cloud, FIRST, { date: DAY }, failingOnce(functions));

    expect({ trace, state }).toEqual({ trace: stepNames, state: 'Published' });
    // Pulled, Compared, Committed and Tidied are one function.
    const tried = ['Claim', 'Arrive', 'Pull', 'Pulled', 'Guard', 'Publish', 'Notify', 'Tidy'];
    expect(attempts).toEqual(Object.fromEntries(tried.map((name) => [name, 2])));
    await cloud.lab.checkInvariants(deliveryOf(3));
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
  });

  test('a claim while another execution is at work, until that one is released', async () => {
    const cloud = await deployed();
    const started = new Date().toISOString();
    await lambdas.claim({ input: { date: DAY }, execution: FIRST, started }, context);
    const busy = await execute(cloud, SECOND, { date: DAY });
    expect(busy).toMatchObject({ trace: ['claim'], state: 'Busy', error: { name: 'BUSY' }, attempts: { Claim: 6 } });

    let claims = 0;
    const released = await execute(cloud, SECOND, { date: DAY }, async (name, work) => {
      const died = { detail: { executionArn: FIRST, status: 'FAILED' } };
      if (name === 'claim' && ++claims === 3) await lambdas.stop(died, context);
      return work();
    });

    expect(released).toMatchObject({ state: 'Published', attempts: { Claim: 3 } });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (EXECUTION_DIED)`, `nightfeed ${RUN}: published`]);
  });
});

describe('what fails for good', () => {
  test.each(['claim', 'arrive', 'pull', 'diff', 'guard', 'publish'] as const)(
    'an error in %s is told with its words, and the same again succeeds',
    async (step) => {
      const cloud = await deployed();
      const denied = async () => Promise.reject(new NightfeedError('STORE_DENIED', 'said the test'));

      const executed = await execute(cloud, FIRST, { date: DAY }, (name, work) =>
        work((ports) => {
          if (name !== processDoing(step)) return ports;
          const reach = async (point: FailPoint) => (point.startsWith(step) ? denied() : undefined);
          return { ...ports, reach, target: { ...ports.target, publish: denied } };
        }),
      );

      const steps = stepNames.slice(0, stepNames.indexOf(step) + 1);
      expect(executed).toMatchObject({ trace: steps, state: 'Failed', error: { name: 'STORE_DENIED' }, attempts: {} });
      const [row] = await cloud.lab.sql`SELECT state, error FROM nightfeed.run WHERE date = ${DAY}`;
      expect(row).toMatchObject({ state: 'failed', error: { name: 'STORE_DENIED', message: 'said the test' } });
      expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (STORE_DENIED)`]);
      await cloud.lab.checkInvariants(deliveryOf(2));
      expect(await execute(cloud, SECOND, { date: DAY })).toMatchObject({ state: 'Published' });
      await cloud.lab.checkInvariants(deliveryOf(3));
    },
  );

  test.each(['pull', 'publish'] as const)('a task that begins with %s and dies each time', async (step) => {
    const cloud = await deployed();

    const { state, error, attempts } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name === processDoing(step)) throw new TaskFailed('exit code 137');
      return work();
    });

    expect({ state, attempts }).toEqual({ state: 'Failed', attempts: { [stateOf(step)]: 3 } });
    expect(error).toMatchObject({ name: 'States.TaskFailed' });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (EXECUTION_DIED)`]);
    await cloud.lab.checkInvariants(deliveryOf(2));
  });

  test.each(['pull', 'guard'] as const)('a %s that takes longer than it may', async (step) => {
    const cloud = await deployed();
    const { [stateOf(step)]: state, ...States } = definition.States;
    const impatient = { ...definition, States: { ...States, [stateOf(step)]: { ...state!, TimeoutSeconds: 1 } } };

    const executed = await execute(
      cloud,
      FIRST,
      { date: DAY },
      async (name, work) => (name === processDoing(step) ? sleep(1500) : work()),
      impatient,
    );

    expect(executed).toMatchObject({ state: 'Failed', error: { name: 'States.Timeout' }, attempts: {} });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: failed (EXECUTION_DIED)`]);
  });

  test('notify and tidy leave what is published as it is', async () => {
    const cloud = await deployed();

    const { trace, state, attempts } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name === 'tidy') throw new TaskFailed('exit code 1');
      if (name === 'notify') throw new NightfeedError('UNFORESEEN', 'said the test');
      return work();
    });

    expect({ trace, state, attempts }).toEqual({ trace: stepNames, state: 'Published', attempts: { Tidy: 3 } });
    expect(cloud.messages).toEqual([]);
    // The next execution tells what this one left.
    await execute(cloud, SECOND, { date: DAY });
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
    await cloud.lab.checkInvariants(deliveryOf(3));
  });

  test('an answer that was lost after the commit', async () => {
    const cloud = await deployed();

    const executed = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      const answer = await work();
      if (name === 'publish') throw new TaskFailed('exit code 1');
      return answer;
    });

    expect(executed).toMatchObject({ trace: stepNames, state: 'Published', attempts: { Publish: 3 } });
    await cloud.lab.checkInvariants(deliveryOf(3));
  });
});
