import type { Feed } from '../../core/feed/spec.ts';
import type { DiffReceipt } from '../../core/run/receipt.ts';
import type { Ports } from '../../ports/ports.ts';

/**
 * What in the database can change rows unseen, as a part of the change set: an approval of it is none of other objects.
 * Where there is nothing, it is as if nobody had looked, so that receipts from before stay what they are.
 */
export async function seenObjects(
  feed: Feed,
  { target }: Pick<Ports, 'target'>,
): Promise<Pick<DiffReceipt, 'objects'>> {
  const objects = await target.targetObjects(feed);
  return objects.length > 0 ? { objects } : {};
}
