import type { FeedNumbers } from '../../../core/metrics/feed-numbers.ts';
import type { Connection } from '../connection/session.ts';

/** A single statement, so that all numbers are of one moment. */
export async function numbers(db: Connection): Promise<FeedNumbers[]> {
  const rows = await db.query<{ numbers: FeedNumbers }>(numbersSql, []);
  return rows.map((row) => row.numbers);
}

const instant = (column: string) => `extract(epoch FROM ${column})`;

const tables = `
SELECT jsonb_agg(jsonb_build_object('table', table_name, 'rowsIn', rows_in, 'rejected', rejected, 'filtered', filtered,
  'inserted', inserted, 'updated', updated, 'gone', gone) ORDER BY table_name)
FROM nightfeed.load_table_log AS t WHERE t.ending = l.ending`;

/** A run that is open again still has the numbers of its last end. */
const last = `
SELECT l.date, l.revision, jsonb_build_object('state', l.state, 'endedAt', ${instant('l.ended_at')},
  'seconds', ${instant('l.ended_at - l.begun_at')}, 'marginSeconds', l.margin_seconds, 'files', l.files, 'bytes', l.size_bytes,
  'tables', coalesce((${tables}), '[]')) AS numbers
FROM nightfeed.load_log AS l WHERE l.feed = f.feed ORDER BY l.ending DESC LIMIT 1`;

const steps = `
SELECT jsonb_agg(jsonb_build_object('step', step, 'seconds', seconds, 'cpuSeconds', cpu_seconds, 'peakMemoryBytes', peak_memory_bytes)
  ORDER BY "position")
FROM (
  SELECT DISTINCT ON (step) * FROM nightfeed.step_log AS s
  WHERE s.feed = f.feed AND s.date = last.date AND s.revision = last.revision ORDER BY step, "position" DESC
) AS newest`;

const storage = `
SELECT jsonb_agg(jsonb_build_object('zone', zone, 'table', table_name, 'bytes', bytes, 'objects', objects) ORDER BY zone, table_name)
FROM (
  SELECT DISTINCT ON (zone, table_name) * FROM nightfeed.storage_log AS s
  WHERE s.feed = f.feed ORDER BY zone, table_name, "position" DESC
) AS newest`;

const numbersSql = `
SELECT jsonb_build_object('feed', f.feed,
  'ends', coalesce((SELECT jsonb_object_agg(state, n) FROM (
    SELECT state, count(*) AS n FROM nightfeed.load_log AS l WHERE l.feed = f.feed GROUP BY state) AS counted), '{}'),
  'goodAt', (SELECT ${instant('max(ended_at)')} FROM nightfeed.load_log AS l WHERE l.feed = f.feed AND state IN ('published', 'unchanged')),
  'last', last.numbers, 'steps', coalesce((${steps}), '[]'), 'storage', coalesce((${storage}), '[]'),
  'running', (SELECT count(*) FROM nightfeed.run AS r WHERE r.feed = f.feed AND state = 'running' AND lease > clock_timestamp()),
  'held', (SELECT count(*) FROM nightfeed.run AS r WHERE r.feed = f.feed AND state = 'held'),
  'untold', (SELECT count(*) FROM nightfeed.outbox AS o WHERE o.feed = f.feed AND sent_at IS NULL)) AS numbers
FROM nightfeed.feed AS f LEFT JOIN LATERAL (${last}) AS last ON true ORDER BY f.feed`;
