import { type RunId, runName } from '../../core/run/keys.ts';
import type { AppliedState } from '../../ports/ledger/applied.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Runs } from '../../ports/ledger/runs.ts';
import type { WaitingRows } from '../../ports/ledger/waiting-rows.ts';
import type { Ports } from '../../ports/ports.ts';

/** What needs an object that is old enough to go. */
export type Need = 'production' | 'open run' | 'held run' | 'quarantine';

export type NeedPorts = Pick<Ports, 'store' | 'now'> & WithLedger<AppliedState & Runs & WaitingRows>;

/** Says that what has this key, or all that `wholeOf` or `tableOf` names, is needed. */
export type AddNeed = (key: string, need: Need) => void;

/** All objects of a run in a zone. */
export function wholeOf(zone: string, run: RunId): string {
  return `${zone}/${runName(run)}/`;
}

/** All objects of a table of a run in a zone, whichever attempt wrote them. */
export function tableOf(zone: string, run: RunId, table: string): string {
  return `${wholeOf(zone, run)}*/${table}/`;
}
