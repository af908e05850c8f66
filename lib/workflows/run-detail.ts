import { guardsOf, openHolds } from '../core/guards/approval.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { findReceipt } from '../steps/run/receipts.ts';
import { sampleLines } from '../steps/run/samples.ts';
import { knownRun } from './decide.ts';
import { listedRun } from './runs.ts';

/** All that is known of a run, for people who decide on it or have to explain it: a contract, in `--json`. */
export type RunDetail = Awaited<ReturnType<typeof runDetail>>;

/** Throws RUN_UNKNOWN. */
export async function runDetail(
  name: string,
  ports: Pick<Ports, 'store' | 'peopleRoles'> & WithLedger<LedgerPresence & Runs & Decisions>,
) {
  const row = await knownRun(name, ports);
  const { run, changeSet, holds, warnings = [], measures = null, delivery = null, forced } = row;
  const decisions = await ports.ledger.decisions(run);
  const approvals = changeSet === undefined ? [] : await ports.ledger.approvals(run, changeSet);
  const changes = changeSet === undefined ? null : await findReceipt(ports, run, 'diff', changeSet);
  return {
    ...listedRun(row),
    delivery,
    change_set: changeSet ?? null,
    measures,
    /** Guards that still need a decision. */
    open: row.state === 'held' ? guardsOf(openHolds(holds, approvals, ports.peopleRoles)) : [],
    decisions: decisions.map(({ verdict, guards, by, reason, at, changeSet: of }) => ({
      verdict,
      guards,
      by,
      reason,
      at: at.toISOString(),
      change_set: of,
    })),
    /** Refusals that somebody lifted, and who. */
    forced,
    samples: changes ? await sampleLines([...holds, ...warnings], changes.receipt, ports) : [],
  };
}
