import type { Feed } from '../../core/feed/spec.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import type { Using } from '../../ports/ports.ts';

/**
 * Database objects that can change rows unseen. They are part of the change set, so that an approval holds only for the objects that were
 * there. Without such objects the answer is empty, so that the ids of receipts stay the same as before this check existed.
 */
export async function seenObjects(
  feed: Feed,
  { target }: Using<'target', 'targetObjects'>,
): Promise<Pick<DiffReceipt, 'objects'>> {
  const objects = await target.targetObjects(feed);
  return objects.length > 0 ? { objects } : {};
}
