import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import * as functions from '../../lambdas/index.ts';
import * as vendorFunctions from '../../lambdas/vendor.ts';
import { planExecution, planOf } from '../../lib/cloud/execution.ts';
import { keepOperatorJob } from '../../lib/cloud/operator-job.ts';
import { runTaskStep } from '../../lib/cloud/step-worker.ts';
import { type ExecutionInput, stepEvent } from '../../lib/core/cloud/events.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { GuardName } from '../../lib/core/guards/guard-names.ts';
import type { FailPoint } from '../../lib/core/run/fail-point.ts';
import { isTask } from '../../lib/core/workflow/processes.ts';
import { type StepName, stepNames } from '../../lib/core/workflow/workflows.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { approveRun } from '../../lib/workflows/decide.ts';
import { night } from '../../lib/workflows/night.ts';
import { CloudLab, SECRET } from '../support/aws/cloud-lab.ts';
import { type Executed, executeDefinition } from '../support/aws/synthesised-night.ts';
import { labsAfter } from '../support/nights/labs-after.ts';
import { parseFeed } from '../support/parse-feed.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { dateOf, deliveryOf, empty, feedFile, mostMissing } from '../support/vendors/night-vendor.ts';
import { definitionOf } from './asl.ts';
import { appOf, templatesOf } from './synthesised.ts';

const DAY = dateOf(3);
const RUN = `shop/${DAY}`;
const FIRST = 'arn:aws:states:eu-west-1:000000000000:execution:nightfeed-prod-shop-night:first';
const context = {
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:nightfeed-prod-shop-claim',
} as never;
const SECOND = FIRST.replace('first', 'second');
const ftp = (port: number, stable = '0s') =>
  `{ftp: {host: 127.0.0.1, port: ${port}, user: vendor, password: "secret:vendor", path: "/{date}"}}\nready: {stable: ${stable}}`;

const definition = definitionOf(
  templatesOf(appOf({ feeds: [parseFeed(feedFile(ftp(21)), 'feed.yaml')] }))['nightfeed-prod-Pipeline-shop'],
);

/** What the functions' composition gives them, instead of AWS: a lab's adapters, which a test may change. */
const composed = vi.hoisted(() => ({ cloud: {} as CloudLab, change: (ports: Ports) => ports }));
const lambdas = { ...functions, ...vendorFunctions };

vi.mock('../../lambdas/compose.ts', () => ({
  withPorts: <T>(work: (ports: Ports) => Promise<T>) => composed.cloud.process((ports) => work(composed.change(ports))),
  setting: (name: string) => (name === 'stage' ? 'prod' : composed.cloud.deployed),
  log: (text: string) => composed.cloud.log.push(text),
}));

const fork = labsAfter(2);

async function deployed(more = '', stable = '0s'): Promise<CloudLab> {
  const lab = await fork();
  lab.deliver(DAY, deliveryOf(3));
  const server = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor: SECRET } });
  onTestFinished(() => server.close());
  const cloud = new CloudLab(lab, feedFile(ftp(server.port, stable)) + more);
  await cloud.deploy();
  Object.assign(composed, { cloud, change: (ports: Ports) => ports });
  return cloud;
}

/** What happens to one process: `work` is the process, with adapters that a test may change. */
type Meddle = (name: string, work: (change?: (ports: Ports) => Ports) => Promise<unknown>) => Promise<unknown>;

function execute(
  cloud: CloudLab,
  execution: string,
  input: ExecutionInput,
  meddle: Meddle = (_name, work) => work(),
  machine = definition,
): Promise<Executed> {
  return executeDefinition(machine, execution, input, (name, event) =>
    meddle(name, (change = (ports) => ports) => {
      composed.change = change;
      return processOf(cloud, name, event, change);
    }),
  );
}

/** A function's handler, or what bin/task.ts does. */
async function processOf(
  cloud: CloudLab,
  name: string,
  event: unknown,
  change: (ports: Ports) => Ports,
): Promise<unknown> {
  const handler = (lambdas as Record<string, (event: unknown, context: never) => Promise<unknown>>)[name];
  if (handler) return handler(event, context);
  const given = stepEvent.parse(event);
  if (isTask(name)) await cloud.process((ports) => runTaskStep(name, given, change(ports)));
  else await cloud.process((ports) => planExecution(given, cloud.deployed, change(ports)));
  return null;
}

/** Steps of a laptop's night. */
async function laptopSteps(cloud: CloudLab): Promise<string[]> {
  const steps = ['claim'];
  const owner = { host: 'laptop', pid: 1, started: 'now' };
  await cloud.process((ports) =>
    night({ feed: cloud.feed, date: DAY, folder: '', owner }, { ...ports, begin: (step) => steps.push(step) }),
  );
  return steps;
}

/** As ECS reports a container that ended by itself. */
class TaskFailed extends Error {
  override readonly name = 'States.TaskFailed';
}

/** A function that Lambda could not call, or did not hear of again. */
class LambdaUnknown extends Error {
  override readonly name = 'Lambda.Unknown';
}

/** Fails the first call of every process; `functions` throw this. */
function failingOnce(functions: () => Error): Meddle {
  const seen = new Set<string>();
  return async (name, work) => {
    const isFirst = !seen.has(name);
    seen.add(name);
    if (isFirst) throw isTask(name) ? new TaskFailed('exit code 137') : functions();
    return work();
  };
}

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

describe('what is tried again', () => {
  test.each([
    ['Lambda.Unknown', () => new LambdaUnknown('no answer')],
    ['DATABASE_UNAVAILABLE', () => new NightfeedError('DATABASE_UNAVAILABLE', 'starting up')],
  ])('every function after %s, and every task that died', async (_name, functions) => {
    const cloud = await deployed();

    const { trace, state, attempts } = await execute(cloud, FIRST, { date: DAY }, failingOnce(functions));

    expect({ trace, state }).toEqual({ trace: stepNames, state: 'Published' });
    // Pulled, Compared, Committed and Tidied are one function.
    const tried = ['Claim', 'Arrive', 'Pull', 'Pulled', 'Diff', 'Guard', 'Publish', 'Notify', 'Tidy'];
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
          if (name !== step) return ports;
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

  test.each(['pull', 'diff', 'publish'] as const)('a %s task that dies each time', async (step) => {
    const cloud = await deployed();

    const { state, error, attempts } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name === step) throw new TaskFailed('exit code 137');
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
      async (name, work) => (name === step ? sleep(1500) : work()),
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

const stateOf = (step: StepName) => `${step[0]!.toUpperCase()}${step.slice(1)}`;
