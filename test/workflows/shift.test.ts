import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import type { OpenRun } from '../../lib/steps/run/order.ts';
import { Shift } from '../../lib/workflows/shift.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work during which a heartbeat finds that the run is not running any more. */
const aBeat = () => vi.advanceTimersByTimeAsync(6000);

test('a run that another process took over takes no further step', async () => {
  const shift = begin();
  await shift.step('publish', aBeat);
  await expect(shift.step('notify', async () => {})).rejects.toMatchObject({ name: 'FENCED' });
  shift.close();
});

test('a heartbeat that waited for the commit of our own publish stops nothing', async () => {
  const shift = begin();
  await shift.step('publish', aBeat);
  shift.wrote({});
  expect(await shift.step('notify', async () => 'told')).toBe('told');
  await aBeat();
  expect(await shift.step('tidy', async () => 'tidied')).toBe('tidied');
  shift.close();
});

function begin(): Shift {
  const run = { feed: 'shop', date: '2026-11-20', revision: 1 };
  const ended = async () => {
    throw new NightfeedError('FENCED', 'it is published');
  };
  const ports = { ledger: { heartbeat: ended }, begin: () => {}, now: () => new Date() } as unknown as Ports;
  const shift = new Shift({ run, fence: 1, attempt: 'a1', order: {} } as OpenRun, ports);
  shift.changes = { id: 'test', receipt: { base: null, delivery: 'test', tables: {} } };
  return shift;
}
