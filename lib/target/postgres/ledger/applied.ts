import { NightfeedError } from '../../../core/errors.ts';
import type { AppliedTable } from '../../../core/run/applied-table.ts';
import type { RunId } from '../../../core/run/keys.ts';
import type { Applied } from '../../../ports/ledger/applied.ts';
import type { Connection } from '../connection/session.ts';

export interface AppliedRow extends AppliedTable {
  readonly name: string;
  /** All columns of the feed; null when an older version wrote the row. */
  readonly stored: readonly string[] | null;
}

/** null before the first publish, and in a database without a ledger. */
export async function applied(db: Connection, feed: string): Promise<Applied | null> {
  try {
    const rows = await db.query<{ run: RunId; delivery: string; table: AppliedRow | null }>(appliedSql, [feed]);
    const [first] = rows;
    if (!first) return null;
    const tables = rows.flatMap(({ table }) => (table ? [[table.name, heldOf(table)]] : []));
    return { run: first.run, delivery: first.delivery, tables: Object.fromEntries(tables) };
  } catch (error) {
    if (error instanceof NightfeedError && error.name === 'LEDGER_MISSING') return null;
    throw error;
  }
}

function heldOf({ snapshot, fingerprint, schema, columns }: AppliedRow): AppliedTable {
  return { snapshot, fingerprint, schema, columns };
}

export async function appliedTables(db: Connection, feed: string): Promise<AppliedRow[]> {
  const rows = await db.query<{ table: AppliedRow }>(
    `SELECT ${tableJson} AS table FROM nightfeed.applied_table AS t WHERE feed = $1 ORDER BY table_name`,
    [feed],
  );
  return rows.map(({ table }) => table);
}

const tableJson = `jsonb_build_object('name', t.table_name, 'schema', t.schema_name, 'snapshot', t.snapshot, 'columns', t.columns,
  'stored', to_jsonb(t) -> 'stored',
  'fingerprint', jsonb_build_object('rows', t.live_rows, 'hi', t.hi::text, 'lo', t.lo::text))`;

/** One table, by feed and name. */
export const appliedTableSql = `SELECT ${tableJson} FROM nightfeed.applied_table AS t WHERE feed = $1 AND table_name = $2`;

const appliedSql = `
SELECT jsonb_build_object('feed', f.feed, 'date', f.applied_date, 'revision', f.applied_revision) AS run,
  f.applied_delivery AS delivery, CASE WHEN t.feed IS NOT NULL THEN ${tableJson} END AS table
FROM nightfeed.feed AS f LEFT JOIN nightfeed.applied_table AS t USING (feed)
WHERE f.feed = $1 AND f.applied_date IS NOT NULL ORDER BY t.table_name`;
