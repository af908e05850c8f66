import { NightfeedError } from '../../../core/errors.ts';
import { type RunId, runName } from '../../../core/run/keys.ts';
import type { RunMessage } from '../../../core/run/message.ts';
import type { Decision } from '../../../steps/ledger-port.ts';
import { saveMessage } from './outbox.ts';
import { placeOf } from './runs.ts';
import { type Connection, transaction } from './session.ts';

/** Throws RUN_UNKNOWN, or NOT_HELD when the run is not held for exactly this change set. */
export async function decide(db: Connection, run: RunId, decision: Decision, message: RunMessage): Promise<void> {
  const { changeSet, verdict, by, reason } = decision;
  await transaction(db, async () => {
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
      `INSERT INTO nightfeed.decision (feed, date, revision, change_set, verdict, decided_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [...placeOf(run), changeSet, verdict, by, reason],
    );
    if (verdict === 'approved') return;
    await db.query(
      `UPDATE nightfeed.run SET state = 'rejected', ended_at = clock_timestamp() WHERE feed = $1 AND date = $2 AND revision = $3`,
      placeOf(run),
    );
    await saveMessage(db, run, message);
  });
}

export async function approved(db: Connection, run: RunId, changeSet: string): Promise<boolean> {
  const found = await db.query(
    `SELECT FROM nightfeed.decision
     WHERE feed = $1 AND date = $2 AND revision = $3 AND change_set = $4 AND verdict = 'approved' LIMIT 1`,
    [...placeOf(run), changeSet],
  );
  return found.length > 0;
}
