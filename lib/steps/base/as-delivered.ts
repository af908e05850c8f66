import { feedOfDelivery } from '../../core/feed/schema-change.ts';
import type { DiffReceipt, PullReceipt } from '../../core/run/receipt.ts';
import type { OpenRun } from '../run/order.ts';

/** The run with its feed's tables as this delivery writes them: what its columns changed, and the contract lets in. */
export function asDelivered<R extends Pick<OpenRun, 'order'>>(open: R, { tables }: PullReceipt | DiffReceipt): R {
  return { ...open, order: { ...open.order, feed: feedOfDelivery(open.order.feed, tables) } };
}
