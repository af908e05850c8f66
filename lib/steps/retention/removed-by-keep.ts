import { NightfeedError } from '../../core/errors.ts';
import { readObject } from '../../core/objects/object-kind.ts';
import { keys, placeOfKey, runName, type Zone } from '../../core/run/keys.ts';
import { removal } from '../../core/run/removal.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';

/** Requires that these objects are there. Throws REMOVED_BY_KEEP, or OBJECT_MISSING when nobody says why one is gone. */
export async function requireThere(wanted: Iterable<string>, ports: Pick<Ports, 'store'>): Promise<void> {
  for (const key of wanted) {
    const isThere = (await ports.store.list(key)).some((object) => object.key === key);
    if (!isThere) throw (await removedByKeep(key, ports)) ?? missing(key);
  }
}

/** The error about an object that is gone, if `keep` removed it; null when nothing says so. */
export async function removedByKeep(
  key: string,
  { store }: { readonly store: Pick<Store, 'readText'> },
): Promise<NightfeedError | null> {
  const place = placeOfKey(key);
  if (!place) return null;
  const { run, zone } = place;
  for (const gone of goneWith(zone, place.rest[0])) {
    const record = keys.removal(run, gone);
    const text = await store.readText(record);
    if (text === null) continue;
    const { at, limit } = readObject(removal, text, record);
    return new NightfeedError(
      'REMOVED_BY_KEEP',
      `${key} was removed on ${at.slice(0, 10)}: the feed file keeps ${gone} of ${runName(run)} for ${limit} days`,
    );
  }
  return null;
}

/** Zones with whose objects this one may have gone: receipts go before what they name. */
function goneWith(zone: string, step: string | undefined): readonly Zone[] {
  if (zone !== 'receipts') return [zone as Zone];
  return step === 'pull' ? ['landing', 'receipts'] : ['changes', 'snapshots', 'receipts'];
}

function missing(key: string): NightfeedError {
  return new NightfeedError('OBJECT_MISSING', `the lake lacks ${key}`);
}
