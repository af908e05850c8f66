import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { StepTimes } from '../../lib/core/run/step-times.ts';
import type { EndedStep } from '../../lib/core/run/step-use.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { Telemetry } from '../../lib/ports/telemetry.ts';
import type { OpenRun } from '../../lib/steps/run/run-request.ts';
import { RunSession, type SessionPorts } from '../../lib/workflows/run-session.ts';
import type { Products, StepContext } from '../../lib/workflows/step-work.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work during which a heartbeat finds that the run is not running any more. */
const aBeat = () => vi.advanceTimersByTimeAsync(6000);

test('a run that another process took over takes no further step', async () => {
  const session = begin();
  const { publish, notify } = session.on({ publish: step(aBeat), notify: step() });
  await publish({}, 1);
  await expect(notify({}, 1)).rejects.toMatchObject({ name: 'FENCED' });
  session.close();
});

test('a heartbeat that waited for the commit of our own publish stops nothing', async () => {
  const session = begin();
  const { publish, notify, tidy } = session.on({
    publish: step(aBeat, { written: {} }),
    notify: step(),
    tidy: step(),
  });
  await publish({}, 1);
  expect(await notify({}, 1)).toEqual({ outcome: 'done', left: {} });
  await aBeat();
  expect(await tidy({}, 1)).toEqual({ outcome: 'done', left: {} });
  session.close();
});

test('the ledger is told which step is at work, and what the last ones took after the run ended', async () => {
  const told: [string, string | null, number][][] = [];
  const ledger = {
    heartbeat: async () => {},
    noteSteps: async (_run: unknown, _fence: number, steps: StepTimes) => {
      told.push(Object.entries(steps).map(([name, { ended, attempts }]) => [name, ended, attempts]));
    },
  };
  const session = begin(ledger);
  const { pull, publish, tidy } = session.on({
    pull: step(aBeat),
    publish: step(async () => null, { written: {} }),
    tidy: step(aBeat),
  });
  await pull({}, 1);
  await pull({}, 1);
  await publish({}, 1);
  await tidy({}, 1);
  await session.end('published');
  session.close();
  const at = expect.stringMatching(/Z$/);
  expect(told).toEqual([
    [['pull', null, 1]],
    [['pull', null, 2]],
    [
      ['pull', at, 2],
      ['publish', at, 1],
      ['tidy', at, 1],
    ],
  ]);
});

test('each step is logged with its answer and what it moved, also one that fails', async () => {
  const logged: unknown[] = [];
  const logStep = async (_run: unknown, fence: number, { step: name, outcome, error, rows, seconds }: EndedStep) => {
    logged.push({ fence, name, outcome, error, rows, seconds });
  };
  const session = begin({ heartbeat: async () => {}, logStep });
  const { publish, tidy } = session.on({
    publish: step(aBeat, { written: { items: { inserted: 1, updated: 2, returned: 0, gone: 3 } } }),
    tidy: step(async () => {
      throw new NightfeedError('OBJECT_MISSING', 'gone');
    }),
  });
  await publish({}, 1);
  await expect(tidy({}, 1)).rejects.toMatchObject({ name: 'OBJECT_MISSING' });
  session.close();
  expect(logged).toEqual([
    { fence: 1, name: 'publish', outcome: 'done', error: undefined, rows: 6, seconds: 6 },
    { fence: 1, name: 'tidy', outcome: undefined, error: 'OBJECT_MISSING', rows: undefined, seconds: 0 },
  ]);
});

test('others are told of the run when it begins and when it ends, but not of one that somebody else has', async () => {
  const told: unknown[] = [];
  const telemetry: Telemetry = {
    begins: ({ fence }) => told.push(['begins', fence]),
    ends: ({ state, steps, tables }) => told.push(['ends', state, steps.map(({ step: name }) => name), tables]),
  };
  const session = begin({ heartbeat: async () => {}, noteSteps: async () => {} }, () => {}, telemetry);
  await session.on({ publish: step(async () => null, { written: {} }) }).publish({}, 1);
  await session.end('published');
  session.close();
  expect(told).toEqual([
    ['begins', 1],
    ['ends', 'published', ['publish'], {}],
  ]);

  const lost = begin({ heartbeat: ended }, () => {}, telemetry);
  await lost.end('failed', new NightfeedError('FENCED', 'it is published'));
  lost.close();
  expect(told.slice(2)).toEqual([['begins', 1]]);
});

test('a log that cannot be written is told, and the night goes on', async () => {
  const said: string[] = [];
  const logStep = async () => {
    throw new NightfeedError('DATABASE_UNAVAILABLE', 'away');
  };
  const session = begin({ heartbeat: async () => {}, logStep }, (text) => said.push(text));
  expect(await session.on({ pull: step() }).pull({}, 1)).toEqual({ outcome: 'done', left: {} });
  session.close();
  expect(said).toEqual(['the log of steps lacks pull: away']);
});

function step(work: () => Promise<unknown> = async () => null, left: Partial<Products> = {}) {
  return async ({ watch }: StepContext<unknown>, _given: unknown) => {
    await watch(work);
    return { outcome: 'done', left };
  };
}

const ended = async () => {
  throw new NightfeedError('FENCED', 'it is published');
};

function begin(
  ledger: Partial<Ports['ledger']> = { heartbeat: ended },
  say = (_text: string) => {},
  telemetry?: Telemetry,
): RunSession<SessionPorts> {
  const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
  const clocks = { now: () => new Date(), elapsed: () => Date.now() };
  const ports = {
    ledger: { logStep: async () => {}, ...ledger },
    begin: () => {},
    say,
    telemetry,
    ...clocks,
  } as unknown as Ports;
  const session = new RunSession(ports);
  session.opens({ run, fence: 1, attempt: 'a1', request: {} } as OpenRun);
  return session;
}
