import { NightfeedError } from '../../core/errors.ts';
import type { Lakes } from '../../ports/ledger/lakes.ts';
import type { LedgerPresence, WithLedger } from '../../ports/ledger/ledger.ts';
import type { Ports } from '../../ports/ports.ts';
import type { LakeIdentity } from '../../ports/store.ts';
import { retrying } from './retry.ts';

/**
 * Checks that this is the lake with the feed's snapshots, and records a new lake in the ledger. When the lake was lost and an empty one is
 * in its place, that one is used, and the base is read back from production. Throws LAKE_OTHER.
 */
export async function requireLake(
  feed: string,
  ports: Pick<Ports, 'store' | 'sleep' | 'say'> & WithLedger<Lakes>,
): Promise<void> {
  const here = await ports.store.identity();
  const known = await retrying(ports, () => ports.ledger.lake(feed));
  if (known && known.id !== here.id && known.place !== here.place) throw other(feed, known, here);
  if (known?.id === here.id && known.place === here.place) return;
  if (known && known.id !== here.id) ports.say(`the lake in ${here.place} was made anew since the last run of ${feed}`);
  await retrying(ports, () => ports.ledger.keepLake(feed, here));
}

/** The same check, without writing to the ledger. */
export async function checkLake(
  feed: string,
  { store, ledger }: Pick<Ports, 'store'> & WithLedger<LedgerPresence & Pick<Lakes, 'lake'>>,
): Promise<void> {
  const known = (await ledger.exists()) ? await ledger.lake(feed) : null;
  if (!known) return;
  const here = await store.identity();
  if (known.id !== here.id && known.place !== here.place) throw other(feed, known, here);
}

function other(feed: string, known: LakeIdentity, here: LakeIdentity): NightfeedError {
  return new NightfeedError(
    'LAKE_OTHER',
    `the ledger says that the lake of ${feed} is ${known.place}; this command works in ${here.place}`,
  );
}
