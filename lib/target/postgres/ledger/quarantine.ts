import { parseRunName, type RunId } from '../../../core/run/keys.ts';
import type { Quarantined, QuarantineFilter } from '../../../ports/ledger/waiting-rows.ts';
import type { Publication } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';
import { placeOf } from './runs.ts';

/** Records the rows that wait after a publication: those that a night rejected, or those that a release rejected again. */
export async function quarantine(db: Connection, { run, receipt }: Publication): Promise<void> {
  if (!receipt.release) {
    const rejected = Object.entries(receipt.tables).map(([table, numbers]) => ({ table, counts: numbers.rejected }));
    for (const { table, counts } of rejected) await add(db, run, table, counts, null);
    return;
  }
  const of = parseRunName(receipt.release.of)!;
  for (const [table, { waiting, object }] of Object.entries(receipt.release.tables)) {
    await db.query(
      'DELETE FROM nightfeed.quarantine WHERE feed = $1 AND date = $2 AND revision = $3 AND table_name = $4',
      [...placeOf(of), table],
    );
    await add(db, of, table, waiting, object);
  }
}

/** Oldest run first. */
export async function quarantined(
  db: Connection,
  { feed, run, table, code }: QuarantineFilter,
): Promise<Quarantined[]> {
  return db.query<Quarantined>(
    `SELECT jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run, table_name AS "table", code, rows::float8 AS rows, object
     FROM nightfeed.quarantine
     WHERE ($1::text IS NULL OR feed = $1) AND ($2::date IS NULL OR (date, revision) = ($2, $3::integer))
       AND ($4::text IS NULL OR table_name = $4) AND ($5::text IS NULL OR code = $5)
     ORDER BY feed, date, revision, table_name, code`,
    [run?.feed ?? feed ?? null, run?.date ?? null, run?.revision ?? null, table ?? null, code ?? null],
  );
}

async function add(
  db: Connection,
  run: RunId,
  table: string,
  counts: Readonly<Record<string, number>>,
  object: string | null,
): Promise<void> {
  const rows = Object.entries(counts).flatMap(([code, count]) => (count > 0 ? [{ code, count }] : []));
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO nightfeed.quarantine (feed, date, revision, table_name, code, rows, object)
     SELECT $1, $2, $3, $4, r.code, r.count, $5 FROM jsonb_to_recordset($6::jsonb) AS r (code text, count bigint)`,
    [...placeOf(run), table, object, rows],
  );
}
