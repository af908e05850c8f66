import { expect, test } from 'vitest';
import type { Approval } from '../../lib/core/guards/approval.ts';
import type { Ports } from '../../lib/ports/ports.ts';
import { approveRun } from '../../lib/workflows/decide.ts';
import { runDetail } from '../../lib/workflows/run-detail.ts';

const RUN = { feed: 'shop', date: '2026-11-20', revision: 1 };
const session = (name: string) => `arn:aws:sts::123456789012:assumed-role/Ops/${name}`;
const [ada, bob] = ['ada', 'bob'].map((name) => ({ by: session(name), reason: 'seen' })) as [Who, Who];
type Who = { readonly by: string; readonly reason: string };

/** A run that is held until two people approve; each guard counts by these roles. */
function portsOf(peopleRoles: readonly string[]): Ports {
  const approvals: (Approval & { at: Date })[] = [];
  const hold = { table: 'items', guard: 'MASS_DELETE', value: 1, limit: 0, unit: 'share', people: 2 };
  const row = { run: RUN, state: 'held', changeSet: 'c', holds: [hold], openedAt: new Date(0), endedAt: null };
  return {
    peopleRoles,
    store: { readText: async () => null },
    ledger: {
      exists: async () => true,
      find: async () => row,
      approvals: async () => approvals,
      decisions: async () => approvals,
      decide: async (_run: unknown, decision: Approval) => void approvals.push({ ...decision, at: new Date(0) }),
    },
  } as unknown as Ports;
}

test('two sessions of a role are one person', async () => {
  const ports = portsOf([]);

  expect((await approveRun('shop/2026-11-20', ada, ports)).open).toHaveLength(1);
  await expect(approveRun('shop/2026-11-20', bob, ports)).rejects.toMatchObject({ name: 'SECOND_PERSON' });
  expect(await runDetail('shop/2026-11-20', ports)).toMatchObject({ open: ['MASS_DELETE'] });
});

test('two sessions of a role of people are two', async () => {
  const ports = portsOf(['Ops']);

  await approveRun('shop/2026-11-20', ada, ports);
  await expect(approveRun('shop/2026-11-20', ada, ports)).rejects.toMatchObject({ name: 'SECOND_PERSON' });
  expect((await approveRun('shop/2026-11-20', bob, ports)).open).toEqual([]);
  expect(await runDetail('shop/2026-11-20', ports)).toMatchObject({ open: [] });
});
