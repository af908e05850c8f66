import type { PastNight } from '../../../core/guards/measures.ts';
import type { RunId } from '../../../core/run/keys.ts';
import type { Connection } from '../connection/session.ts';
import { placeOf } from './runs.ts';

/** A correction of a date that was published changes little, and would make its night count twice: the first one counts. */
export async function pastNights(db: Connection, run: RunId, limit: number): Promise<PastNight[]> {
  return db.query<PastNight>(
    `SELECT DISTINCT ON (date) date::text AS date, measures FROM nightfeed.run
     WHERE feed = $1 AND (date, revision) < ($2::date, $3::integer) AND state = 'published' AND measures IS NOT NULL
     ORDER BY date DESC, revision LIMIT $4`,
    [...placeOf(run), limit],
  );
}
