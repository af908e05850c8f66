import { quoteLiteral } from '../../../core/feed/identifier.ts';
import type { QuarantinedRecord } from '../../../ports/quarantine.ts';
import type { DuckDbPool } from '../pool.ts';

/** Records in a page; each has at most 10,000 bytes of raw text. */
const PAGE = 500;

/** The records of a reject report, in its order, in bounded memory. */
export async function* reportRecords(
  pool: DuckDbPool,
  report: string,
  code: string | null,
): AsyncGenerator<QuarantinedRecord> {
  const folder = await pool.newFolder();
  const path = quoteLiteral(await pool.store.localPath(report, folder));
  const { session } = await pool.session();
  const which = code === null ? '' : `WHERE code = ${quoteLiteral(code)}`;
  for (let from = 0; ; from += PAGE) {
    const rows = await session.run(`SELECT code, "column", "key", file, object, "offset", "length", raw
      FROM read_parquet(${path}, file_row_number = true) ${which} ORDER BY file_row_number LIMIT ${PAGE} OFFSET ${from}`);
    for (const row of rows)
      yield { ...row, offset: Number(row.offset), length: Number(row.length) } as unknown as QuarantinedRecord;
    if (rows.length < PAGE) return;
  }
}
