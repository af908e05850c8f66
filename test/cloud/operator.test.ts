import { expect, test } from 'vitest';
import { operate } from '../../lib/cloud/operator.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Ports } from '../../lib/ports/ports.ts';

const ask = (exists: () => Promise<boolean>) =>
  operate({ command: 'status' }, { feed: 'shop', whoAsks: async () => 'ada' }, {
    ledger: { exists, runs: async () => [] },
  } as unknown as Ports);

test('nothing is answered from a ledger that is not there, or that this version may not read', async () => {
  expect(await ask(async () => true)).toEqual({ runs: [] });
  await expect(ask(async () => false)).rejects.toMatchObject({ name: 'LEDGER_MISSING' });
  const tooNew = async () => {
    throw new NightfeedError('LEDGER_VERSION', 'too new');
  };
  await expect(ask(tooNew)).rejects.toMatchObject({ name: 'LEDGER_VERSION' });
});
