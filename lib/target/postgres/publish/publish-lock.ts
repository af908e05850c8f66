import type { Connection } from '../connection/session.ts';

/** A transaction that writes a feed's tables holds this lock until it ends, so there is one at a time. */
export async function excludePublishers(db: Connection, feed: string): Promise<void> {
  await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('nightfeed:' || $1::text, 0::bigint))`, [feed]);
}
