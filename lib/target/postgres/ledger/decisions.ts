import { NightfeedError } from '../../../core/errors.ts';
import type { Approval } from '../../../core/guards/approval.ts';
import { type RunId, runName } from '../../../core/run/keys.ts';
import type { RunMessage } from '../../../core/run/message.ts';
import type { Decision, MadeDecision } from '../../../ports/ledger/decisions.ts';
import { ledgerLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { oldestWriter, requireWriter } from './ledger-version.ts';
import { placeOf } from './runs.ts';

/**
 * By the owner's function, which alone may write a decision. Throws RUN_UNKNOWN, or NOT_HELD when the run is not held for exactly
 * this change set.
 */
export async function decide(db: Connection, run: RunId, decision: Decision, message: RunMessage): Promise<void> {
  const { changeSet, verdict, guards, by, reason } = decision;
  const found = await transaction(db, ledgerLimits, async () => {
    const [answer] = await db.query<{ found: Found | null; oldestWriter: number }>(
      `SELECT nightfeed.decide($1, $2, $3, $4, $5, $6, $7, $8, $9) AS found, ${oldestWriter}`,
      [...placeOf(run), changeSet, verdict, guards, by, reason, message],
    );
    requireWriter(answer);
    return answer!.found;
  });
  if (!found) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  if (found.recorded) return;
  if (found.state !== 'held') throw new NightfeedError('NOT_HELD', `${runName(run)} is ${found.state}, not held`);
  throw new NightfeedError(
    'NOT_HELD',
    `${runName(run)} is held for the change set ${found.held}, not for ${changeSet}`,
  );
}

interface Found {
  readonly state: string;
  /** The change set for which it is held. */
  readonly held: string | null;
  readonly recorded: boolean;
}

export async function decisions(db: Connection, run: RunId): Promise<MadeDecision[]> {
  return db.query<MadeDecision>(
    `SELECT change_set AS "changeSet", verdict, guards, decided_by AS by, reason, decided_at AS at FROM nightfeed.decision
     WHERE feed = $1 AND date = $2 AND revision = $3 ORDER BY position`,
    placeOf(run),
  );
}

export async function approvals(db: Connection, run: RunId, changeSet: string): Promise<Approval[]> {
  const made = await decisions(db, run);
  return made.filter((decision) => decision.changeSet === changeSet && decision.verdict === 'approved');
}
