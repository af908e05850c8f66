import { NightfeedError } from '../core/errors.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';

/** Throws LEDGER_MISSING, and LEDGER_VERSION for a ledger that this version may not read. */
export async function requireLedger({ ledger }: WithLedger<LedgerPresence>): Promise<void> {
  if (!(await ledger.exists())) throw new NightfeedError('LEDGER_MISSING', 'this database has no ledger');
}
