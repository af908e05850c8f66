import type { RunId } from '../../../core/run/keys.ts';
import type { OpenPickup, PickupOutcome, PlannedFile } from '../../../ports/ledger/pickups.ts';
import type { Connection } from '../connection/session.ts';
import { oldestWriter, requireWriter } from './ledger-version.ts';
import { placeOf } from './runs.ts';

/** All files of a run in one statement: a run whose files are kept has all of them. */
export async function planPickup(db: Connection, run: RunId, files: readonly PlannedFile[]): Promise<void> {
  const [asked] = await db.query<{ oldestWriter: number }>(
    `WITH kept AS (
     INSERT INTO nightfeed.pickup_log (feed, date, revision, name, size, modified, version, action, target)
     SELECT $1, $2, $3, f.name, f.size, f.modified, f.version, f.action, f.target
     FROM jsonb_to_recordset($4::jsonb) AS f (name text, size bigint, modified text, version text, action text, target text)
     ON CONFLICT DO NOTHING)
     SELECT ${oldestWriter}`,
    [...placeOf(run), files],
  );
  requireWriter(asked);
}

export async function openPickups(db: Connection, feed: string | undefined): Promise<OpenPickup[]> {
  return db.query<OpenPickup>(
    `SELECT jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run, name, size::float8 AS size, modified, version, action,
       target, reason
     FROM nightfeed.pickup_log WHERE outcome IS NULL AND ($1::text IS NULL OR feed = $1) ORDER BY feed, date, revision, name`,
    [feed ?? null],
  );
}

export async function isPickupPlanned(db: Connection, run: RunId): Promise<boolean> {
  const found = await db.query(
    'SELECT 1 FROM nightfeed.pickup_log WHERE feed = $1 AND date = $2 AND revision = $3 LIMIT 1',
    placeOf(run),
  );
  return found.length > 0;
}

/** What ended stays as it is: of two processes the first one says what came of a file. */
export async function notePickup(
  db: Connection,
  run: RunId,
  name: string,
  outcome: PickupOutcome | null,
  reason: string | null,
): Promise<void> {
  const [noted] = await db.query<{ oldestWriter: number }>(
    `UPDATE nightfeed.pickup_log SET outcome = $5, reason = $6, tried_at = clock_timestamp(),
       ended_at = CASE WHEN $5::text IS NOT NULL THEN clock_timestamp() END
     WHERE feed = $1 AND date = $2 AND revision = $3 AND name = $4 AND outcome IS NULL
     RETURNING ${oldestWriter}`,
    [...placeOf(run), name, outcome, reason],
  );
  requireWriter(noted);
}
