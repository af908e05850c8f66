import type { RunId } from '../../../core/run/keys.ts';
import type { RunMessage } from '../../../core/run/message.ts';
import type { WaitingMessage } from '../../../ports/ledger/outbox.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import type { Connection } from '../connection/session.ts';

/** Called inside the transaction that changes the run. There is one message for each (run, state, change set), however often it is added. */
export async function saveMessage(db: Connection, run: RunId, message: RunMessage): Promise<void> {
  await db.query(
    `INSERT INTO nightfeed.outbox (id, feed, date, revision, state, change_set, message) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING`,
    [message.id, run.feed, run.date, run.revision, message.state, message.changeSet, message],
  );
}

export async function unsentMessages(db: Connection): Promise<WaitingMessage[]> {
  return db.query(
    `SELECT id, message, run.opened_at AS began, run.ended_at AS ended, (
        SELECT feed_hash FROM nightfeed.run AS newest WHERE newest.feed = outbox.feed ORDER BY opened_at DESC LIMIT 1
      ) AS "feedHash", (
        SELECT coalesce(jsonb_object_agg(channel, jsonb_build_object('attempts', attempts, 'at', tried_at, 'isTaken', sent_at IS NOT NULL, 'refusal', refusal)), '{}')
        FROM nightfeed.outbox_channel AS told WHERE told.id = outbox.id
      ) AS told
     FROM nightfeed.outbox LEFT JOIN nightfeed.run USING (feed, date, revision) WHERE sent_at IS NULL ORDER BY position`,
    [],
  );
}

/** Longer than any channel may take; a process that was killed on another host keeps its message for so long. */
const TELLING = '1 minute';

interface Teller {
  /** Absent where nobody could know that it is dead. */
  readonly self?: Owner | undefined;
  isDead(owner: Owner): boolean;
}

export async function beginTelling(
  db: Connection,
  id: string,
  channel: string,
  { self, isDead }: Teller,
): Promise<boolean> {
  const [known] = await db.query<{ teller: Owner | null }>(
    'SELECT teller FROM nightfeed.outbox_channel WHERE id = $1 AND channel = $2 AND telling_until IS NOT NULL',
    [id, channel],
  );
  const dead = known?.teller && isDead(known.teller) ? known.teller : null;
  const begun = await db.query(
    `INSERT INTO nightfeed.outbox_channel AS known (id, feed, channel, attempts, tried_at, telling_until, teller)
     SELECT id, feed, $2, 1, clock_timestamp(), clock_timestamp() + interval '${TELLING}', $3::jsonb FROM nightfeed.outbox WHERE id = $1
     ON CONFLICT (id, channel) DO UPDATE
     SET attempts = known.attempts + 1, tried_at = excluded.tried_at, telling_until = excluded.telling_until, teller = excluded.teller,
       refusal = NULL
     WHERE known.sent_at IS NULL
       AND (known.telling_until IS NULL OR known.telling_until < clock_timestamp() OR known.teller = $4::jsonb)
     RETURNING id`,
    [id, channel, self ?? null, dead],
  );
  return begun.length > 0;
}

export async function endTelling(db: Connection, id: string, channel: string, refusal: string | null): Promise<void> {
  await db.query(
    `UPDATE nightfeed.outbox_channel
     SET telling_until = NULL, teller = NULL, sent_at = CASE WHEN $3::text IS NULL THEN clock_timestamp() END, refusal = $3
     WHERE id = $1 AND channel = $2 AND sent_at IS NULL`,
    [id, channel, refusal],
  );
}

export async function markSent(db: Connection, id: string): Promise<void> {
  await db.query('UPDATE nightfeed.outbox SET sent_at = clock_timestamp() WHERE id = $1 AND sent_at IS NULL', [id]);
}
