import { NightfeedError } from '../../../core/errors.ts';
import type { Approval } from '../../../core/run/approval.ts';
import { type RunId, runName } from '../../../core/run/keys.ts';
import type { RunMessage } from '../../../core/run/message.ts';
import type { Decision, MadeDecision } from '../../../steps/ledger-port.ts';
import { ledgerLimits } from './limits.ts';
import { saveMessage } from './outbox.ts';
import { placeOf } from './runs.ts';
import type { Connection } from './session.ts';
import { transaction } from './transaction.ts';

/** Throws RUN_UNKNOWN, or NOT_HELD when the run is not held for exactly this change set. */
export async function decide(db: Connection, run: RunId, decision: Decision, message: RunMessage): Promise<void> {
  const { changeSet, verdict, guards, by, reason } = decision;
  await transaction(db, ledgerLimits, async () => {
    const [row] = await db.query<{ state: string; held: string | null }>(
      'SELECT state, change_set AS held FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3 FOR UPDATE',
      placeOf(run),
    );
    if (!row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
    if (row.state !== 'held') throw new NightfeedError('NOT_HELD', `${runName(run)} is ${row.state}, not held`);
    if (row.held !== changeSet) {
      throw new NightfeedError(
        'NOT_HELD',
        `${runName(run)} is held for the change set ${row.held}, not for ${changeSet}`,
      );
    }
    await db.query(
      `INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, guards, decided_by, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [...placeOf(run), changeSet, verdict, guards, by, reason],
    );
    if (verdict === 'approved') return;
    await db.query(
      `UPDATE nightfeed.run SET state = 'rejected', ended_at = clock_timestamp() WHERE feed = $1 AND date = $2 AND revision = $3`,
      placeOf(run),
    );
    await saveMessage(db, run, message);
  });
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
