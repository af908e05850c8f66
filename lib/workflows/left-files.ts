import { runName } from '../core/run/keys.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Pickups } from '../ports/ledger/pickups.ts';

/** A published file that is still at the vendor's, though the feed file says that it is taken away. */
export interface LeftFile {
  readonly run: string;
  readonly file: string;
  readonly reason: string;
}

/** Files of all feeds whose taking away was tried in vain. */
export async function leftAtVendor({ ledger }: WithLedger<Pick<Pickups, 'openPickups'>>): Promise<LeftFile[]> {
  const open = await ledger.openPickups();
  return open.map(({ run, name, reason }) => ({
    run: runName(run),
    file: name,
    reason: reason ?? 'it was not tried yet',
  }));
}
