import type { Ledger } from '../../ports/ledger.ts';
import type { Looks } from '../../ports/looks.ts';

/** Looks in the ledger, for processes that share nothing else. A plan, which claims nothing, leaves nothing there. */
export function ledgerLooks(ledger: Pick<Ledger, 'find' | 'note'>): Looks {
  return {
    last: async (run) => (await ledger.find(run))?.look ?? null,
    keep: async (run, fence, look) => (fence === 0 ? undefined : ledger.note(run, fence, { look })),
  };
}
