import type { RunId } from '../../../core/run/keys.ts';
import type { RunMessage } from '../../../core/run/message.ts';
import type { Connection } from '../connection/session.ts';

/** Called inside the transaction that changes the run. There is one message for each (run, state, change set), however often it is added. */
export async function saveMessage(db: Connection, run: RunId, message: RunMessage): Promise<void> {
  await db.query(
    `INSERT INTO nightfeed.outbox (id, feed, date, revision, state, change_set, message) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [message.id, run.feed, run.date, run.revision, message.state, message.changeSet, message],
  );
}

export async function unsentMessages(db: Connection): Promise<{ id: string; message: RunMessage }[]> {
  return db.query('SELECT id, message FROM nightfeed.outbox WHERE sent_at IS NULL ORDER BY position', []);
}

export async function markSent(db: Connection, id: string): Promise<void> {
  await db.query('UPDATE nightfeed.outbox SET sent_at = clock_timestamp() WHERE id = $1 AND sent_at IS NULL', [id]);
}
