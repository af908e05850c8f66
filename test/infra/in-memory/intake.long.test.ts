import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { stepNames } from '../../../lib/core/workflow/workflows.ts';
import { LockstepStreamingDiff } from '../../../lib/engines/lockstep/streaming-diff.ts';
import type { EngineInput } from '../../../lib/ports/comparison.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { deliveryOf } from '../../support/vendors/night-vendor.ts';
import { DAY, execute, FIRST, type Meddle, nightInMemory, RUN, TaskFailed } from './in-memory-night.ts';

const deployed = nightInMemory();

/** What the processes of a night did: tables whose files were pulled, and those that were compared, with whether that began while they landed. */
class Watched {
  pulls = 0;
  readonly compared: [table: string, whileLanding: boolean][] = [];

  /** Adapters that note it. */
  readonly ports = (ports: Ports): Ports => ({
    ...ports,
    openSource: (...of) => {
      this.pulls += 1;
      return ports.openSource(...of);
    },
    engine: new Proxy(ports.engine, {
      get: (engine, name) => {
        if (name === 'diff')
          return async (input: EngineInput, use: never) => {
            this.compared.push([input.table, await hasFindings(input)]);
            return engine.diff(input, use);
          };
        const member: unknown = Reflect.get(engine, name);
        return typeof member === 'function' ? member.bind(engine) : member;
      },
    }),
  });

  readonly meddle: Meddle = (name, work) => work(name === 'arrive' ? undefined : this.ports);
}

/** Whether the streaming diff compared exactly what landed. */
async function hasFindings({ observed, base, next }: EngineInput): Promise<boolean> {
  return observed instanceof LockstepStreamingDiff && (await observed.findings(base, next.landed)) !== undefined;
}

describe('pull and diff share a container', () => {
  test('in which the delivery is compared while it lands', async () => {
    const cloud = await deployed();
    const watched = new Watched();

    const { trace, state } = await execute(cloud, FIRST, { date: DAY }, watched.meddle);

    expect({ trace, state }).toEqual({ trace: stepNames, state: 'Published' });
    // A feed document has the columns of stock in another order than the feed file under which a laptop loaded the base.
    expect(watched.compared).toEqual([
      ['products', true],
      ['stock', false],
    ]);
    await cloud.lab.checkInvariants(deliveryOf(3));
  });

  test('that dies in diff: the next one finds what was pulled, and goes on with diff', async () => {
    const cloud = await deployed();
    const watched = new Watched();
    let deaths = 0;
    const dying = (ports: Ports): Ports => ({
      ...ports,
      reach: async (point) => {
        if (point === 'diff.engine') throw new TaskFailed('killed');
      },
      ledger: { ...ports.ledger, recordOutcome: ofPullOnly(ports) },
    });

    const { state, attempts } = await execute(cloud, FIRST, { date: DAY }, async (name, work) => {
      if (name !== 'intake') return work();
      if (deaths++ > 0) return work(watched.ports);
      return work((ports) => dying(watched.ports(ports))).catch(() => Promise.reject(new TaskFailed('exit code 137')));
    });

    expect({ state, attempts }).toEqual({ state: 'Published', attempts: { Pull: 2 } });
    expect(watched.pulls).toBe(1);
    expect(watched.compared.at(-1)).toEqual(['stock', false]);
    expect(cloud.messages).toEqual([`nightfeed ${RUN}: published`]);
    await cloud.lab.checkInvariants(deliveryOf(3));
  });

  test('and diff is tried again alone after a failure that may pass', async () => {
    const cloud = await deployed();
    const watched = new Watched();
    let failures = 0;
    const failing = (ports: Ports): Ports => ({
      ...watched.ports(ports),
      reach: async (point) => {
        if (point === 'diff.engine' && failures++ === 0)
          throw new NightfeedError('DATABASE_UNAVAILABLE', 'starting up');
      },
    });

    const { state, attempts } = await execute(cloud, FIRST, { date: DAY }, (name, work) =>
      work(name === 'intake' ? failing : undefined),
    );

    expect({ state, attempts, pulls: watched.pulls }).toEqual({ state: 'Published', attempts: {}, pulls: 1 });
    expect(watched.compared.map(([table]) => table)).toEqual(['products', 'products', 'stock']);
    await cloud.lab.checkInvariants(deliveryOf(3));
  });

  test('but a round after another publication is a container that only compares', async () => {
    const cloud = await deployed();
    const begun: string[] = [];
    let moved = false;

    const { state } = await execute(cloud, FIRST, { date: DAY }, (name, work) => {
      begun.push(name);
      return work((ports) => {
        if (name !== 'publish' || moved) return ports;
        moved = true;
        const publish = () => Promise.reject(new NightfeedError('BASE_MOVED', 'said the test'));
        return { ...ports, target: { ...ports.target, publish } };
      });
    });

    expect(state).toBe('Published');
    expect(begun.filter((name) => ['intake', 'pull', 'diff', 'publish'].includes(name))).toEqual([
      'intake',
      'publish',
      'diff',
      'publish',
    ]);
  });
});

/** The outcome of a later step never reaches the ledger: the container was killed before. */
function ofPullOnly({ ledger }: Ports): Ports['ledger']['recordOutcome'] {
  return (run, fence, step, outcome) =>
    step === 'pull' ? ledger.recordOutcome(run, fence, step, outcome) : Promise.reject(new Error('killed'));
}
