import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { OpenRun } from '../../lib/steps/run/run-request.ts';
import { RunSession } from '../../lib/workflows/run-session.ts';

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
  await session.step('publish', aBeat);
  await expect(session.step('notify', async () => {})).rejects.toMatchObject({ name: 'FENCED' });
  session.close();
});

test('a heartbeat that waited for the commit of our own publish stops nothing', async () => {
  const session = begin();
  await session.step('publish', aBeat);
  session.wrote({});
  expect(await session.step('notify', async () => 'told')).toBe('told');
  await aBeat();
  expect(await session.step('tidy', async () => 'tidied')).toBe('tidied');
  session.close();
});

function begin(): RunSession {
  const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
  const ended = async () => {
    throw new NightfeedError('FENCED', 'it is published');
  };
  const ports = { ledger: { heartbeat: ended }, begin: () => {}, now: () => new Date() } as unknown as Ports;
  const session = new RunSession({ run, fence: 1, attempt: 'a1', request: {} } as OpenRun, ports);
  session.changes = { id: 'test', receipt: { base: null, delivery: 'test', tables: {} } };
  return session;
}
