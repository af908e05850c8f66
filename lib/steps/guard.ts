import { type Hold, judge } from '../core/run/guard.ts';
import type { ArriveReceipt, DiffReceipt } from '../core/run/receipt.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';
import type { Kept } from './receipts.ts';

export interface Judgement {
  readonly holds: readonly Hold[];
  /** Nothing holds, or somebody approved exactly this change set. */
  readonly pass: boolean;
}

/** Decides on receipts alone whether the night may go on. */
export async function guard(
  open: OpenRun,
  arrival: ArriveReceipt,
  changes: Kept<DiffReceipt>,
  ports: Ports,
): Promise<Judgement> {
  const holds = judge(open.order.feed, arrival, changes.receipt);
  const pass = holds.length === 0 || (await ports.ledger.approved(open.run, changes.id));
  await ports.reach('guard.done');
  return { holds, pass };
}
