import { feedOfDelivery } from '../../core/feed/schema-change.ts';
import type { DiffReceipt, PullReceipt } from '../../core/run/receipt.ts';
import type { OpenRun } from '../run/run-request.ts';

/** The run with its feed's tables as this delivery writes them: what its columns changed, and the contract lets in. */
export function asDelivered<R extends Pick<OpenRun, 'request'>>(open: R, { tables }: PullReceipt | DiffReceipt): R {
  return { ...open, request: { ...open.request, feed: feedOfDelivery(open.request.feed, tables) } };
}
