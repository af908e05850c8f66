import type { Holding } from '../../core/delivery/newest.ts';
import { runName } from '../../core/run/keys.ts';
import type { AppliedState } from '../../ports/ledger/applied.ts';
import type { LedgerPresence, WithLedger } from '../../ports/ledger/ledger.ts';
import type { Runs } from '../../ports/ledger/runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { findReceipt } from '../run/receipts.ts';
import type { RunRequest } from '../run/run-request.ts';

/**
 * The files of the delivery that production holds, so that the same generation is not taken twice; undefined before the first delivery,
 * and where no table has generations.
 */
export async function holdingOf(
  { feed }: RunRequest,
  ports: Pick<Ports, 'store' | 'say'> & WithLedger<LedgerPresence & Runs & AppliedState>,
): Promise<Holding | undefined> {
  if (!Object.values(feed.tables).some(({ pick }) => pick === 'newest')) return undefined;
  if (!(await ports.ledger.exists())) return undefined;
  const night = await ports.ledger.lastNight(feed.feed);
  if (night?.listing === undefined) return undefined;
  const found = await findReceipt(ports, night.run, 'arrive', night.listing);
  if (found) {
    // A table that was restarted, or that is in another schema now, has nothing of that delivery.
    const applied = await ports.ledger.applied(feed.feed);
    const isHeld = (table: string) => applied?.tables[table]?.schema === feed.target.schema;
    return { date: night.run.date, files: found.receipt.files.filter(({ table }) => isHeld(table)) };
  }
  ports.say(`note: the lake no longer has what ${runName(night.run)} took, so an earlier generation may come in again`);
  return undefined;
}
