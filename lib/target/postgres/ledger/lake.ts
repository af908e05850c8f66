import type { LakeIdentity } from '../../../ports/store.ts';
import { claimLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { oldestWriter, requireWriter } from './ledger-version.ts';

/** null also when an older version ran the feed last, because it did not record the lake. */
export async function lakeOf(db: Connection, feed: string): Promise<LakeIdentity | null> {
  const [row] = await db.query<LakeIdentity>(
    'SELECT lake AS id, lake_place AS place FROM nightfeed.feed WHERE feed = $1 AND lake IS NOT NULL',
    [feed],
  );
  return row ?? null;
}

export async function keepLake(db: Connection, feed: string, lake: LakeIdentity | null): Promise<void> {
  await transaction(db, claimLimits, async () => {
    const [kept] = await db.query<{ oldestWriter: number }>(
      `INSERT INTO nightfeed.feed (feed, lake, lake_place) VALUES ($1, $2, $3)
       ON CONFLICT (feed) DO UPDATE SET lake = excluded.lake, lake_place = excluded.lake_place RETURNING ${oldestWriter}`,
      [feed, lake?.id ?? null, lake?.place ?? null],
    );
    requireWriter(kept);
  });
}
