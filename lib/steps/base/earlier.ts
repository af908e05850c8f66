import { NightfeedError } from '../../core/errors.ts';
import type { ArriveReceipt } from '../../core/run/arrive-receipt.ts';
import type { DiffReceipt } from '../../core/run/diff-receipt.ts';
import { runName } from '../../core/run/keys.ts';
import type { RunRow } from '../../ports/ledger/runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Kept, requireReceipt } from '../run/receipts.ts';

/** The listing of this run, for another process than the one that made it. Throws OBJECT_MISSING. */
export async function arrivalOf({ run, listing }: RunRow, ports: Pick<Ports, 'store'>): Promise<ArriveReceipt> {
  if (listing === undefined) throw missing({ run }, 'delivery');
  return (await requireReceipt(ports, run, 'arrive', listing)).receipt;
}

/** The latest change set of this run. Throws OBJECT_MISSING. */
export async function changesOf({ run, changeSet }: RunRow, ports: Pick<Ports, 'store'>): Promise<Kept<DiffReceipt>> {
  if (changeSet === undefined) throw missing({ run }, 'change set');
  return requireReceipt(ports, run, 'diff', changeSet);
}

function missing({ run }: Pick<RunRow, 'run'>, what: string): NightfeedError {
  return new NightfeedError('OBJECT_MISSING', `the ledger knows no ${what} of ${runName(run)}`);
}
