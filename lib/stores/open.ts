import { NightfeedError } from '../core/errors.ts';
import type { Store } from '../ports/store.ts';
import type { StoreKind, StoreSurroundings } from '../ports/store-kind.ts';

/** Opens the lake: here the one on this machine, in the cloud the pipeline's. */
export async function openStore(
  kinds: readonly StoreKind[],
  runs: StoreKind['runs'],
  surroundings: StoreSurroundings,
): Promise<Store> {
  for (const kind of kinds) {
    const store = kind.runs === runs ? await kind.open(surroundings) : null;
    if (store !== null) return store;
  }
  throw new NightfeedError('UNFORESEEN', `no kind of store holds a lake ${runs}`);
}
