import type { Keep } from '../../core/feed/spec/keep.ts';
import { objectText } from '../../core/objects/object-kind.ts';
import { keys, type RunId, runName } from '../../core/run/keys.ts';
import type { ReceiptStep } from '../../core/run/receipt.ts';
import { type AgingZone, type Removed, removal } from '../../core/run/removal.ts';
import { type Aged, agedOf } from './aged.ts';
import type { NeedPorts } from './need.ts';
import { type Needed, neededOf } from './needed.ts';

/** Of one night, so that a first night with `keep` ends in time; the next night goes on. */
const MAX_OBJECTS = 10_000;

/**
 * Removes what is older than the feed file keeps it and nothing needs. Of each run and zone it is first recorded, then the receipts go that
 * would lead a run to the objects, then these. So a process that is killed anywhere leaves no receipt that a run follows to a missing
 * object, and the same call again goes on.
 */
export async function removeAged(
  { feed, by }: { readonly feed: string; readonly by: RunId },
  keep: Keep,
  ports: NeedPorts,
): Promise<{ readonly removed: Removed; readonly isWhole: boolean }> {
  const removed: { [Zone in AgingZone]?: NonNullable<Removed[Zone]> } = {};
  const needed = await neededOf(feed, keep.quarantine, ports);
  let left = MAX_OBJECTS;
  for (const aged of await agedOf(feed, keep, needed, ports)) {
    if (aged.objects.length === 0) continue;
    if (left <= 0) return { removed, isWhole: false };
    left -= aged.objects.length;
    await removeOf(aged, by, needed, ports);
    const { objects = 0, bytes = 0 } = removed[aged.zone] ?? {};
    removed[aged.zone] = { objects: objects + aged.objects.length, bytes: bytes + bytesOf(aged) };
  }
  return { removed, isWhole: true };
}

async function removeOf(aged: Aged, by: RunId, needed: Needed, ports: Pick<NeedPorts, 'store' | 'now'>): Promise<void> {
  const { zone, run, limit, objects } = aged;
  const record = {
    at: ports.now().toISOString(),
    by: runName(by),
    limit,
    objects: objects.length,
    bytes: bytesOf(aged),
  };
  await ports.store.create(keys.removal(run, zone), objectText(removal, record));
  const step = namedBy[zone];
  if (step) {
    const named: string[] = [];
    for (const { key } of await ports.store.list(keys.receipts(run, step)))
      if ((await needed.of(key)) === undefined) named.push(key);
    await ports.store.remove(named);
  }
  await ports.store.remove(objects.map(({ key }) => key));
}

/** The receipts that name the objects of a zone, for a run to follow. */
const namedBy: Readonly<Partial<Record<AgingZone, ReceiptStep>>> = {
  landing: 'pull',
  changes: 'diff',
  snapshots: 'diff',
};

function bytesOf({ objects }: Pick<Aged, 'objects'>): number {
  return objects.reduce((sum, { size }) => sum + size, 0);
}
