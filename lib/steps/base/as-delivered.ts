import { feedOfDelivery } from '../../core/feed/schema-change.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import type { PullReceipt } from '../../core/run/pull-receipt.ts';
import type { OpenRun } from '../run/run-request.ts';

/** The run with its feed's tables as this delivery has them: with the changes of columns that the contract accepts. */
export function asDelivered<R extends Pick<OpenRun, 'request'>>(open: R, { tables }: PullReceipt | DiffReceipt): R {
  return { ...open, request: { ...open.request, feed: feedOfDelivery(open.request.feed, tables) } };
}
