import type { Notes } from '../../ports/ledger/open-runs.ts';
import type { Runs } from '../../ports/ledger/runs.ts';
import type { Sightings } from '../../ports/sightings.ts';

/** Keeps sightings in the ledger, for processes that share nothing else. A plan claims no run and therefore keeps none. */
export function ledgerSightings(ledger: Runs & Notes): Sightings {
  return {
    last: async (run) => (await ledger.find(run))?.look ?? null,
    keep: async (run, fence, look) => (fence === 0 ? undefined : ledger.note(run, fence, { look })),
  };
}
