import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { nullable } from '../../core/diff/null-counts.ts';
import { quoteIdentifier, quoteLiteral } from '../../core/feed/identifier.ts';
import type { Column } from '../../core/feed/spec.ts';
import { MAX_RECORD_BYTES } from '../../core/records/scan/scan.ts';
import type { ComparedColumn } from '../../core/run/applied-table.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { rowTextSql } from '../../core/sql/dialects/row-text.ts';
import { nullCountSql } from '../../core/sql/plans/null-count-sql.ts';
import type { ImportedRows } from '../../ports/comparison.ts';
import type { Engine } from '../../ports/engine.ts';
import { fingerprintOf, nullCountsOf } from './comparison.ts';
import { type DuckDbSession, PARQUET } from './session.ts';

/** Turns rows in PostgreSQL's CSV into typed Parquet, through a named pipe, so that only a few rows are in memory. */
export async function importRows(
  session: DuckDbSession,
  rows: Readable,
  { columns, proof }: Parameters<Engine['importRows']>[1],
  folder: string,
): Promise<ImportedRows> {
  const pipe = join(folder, 'rows.pipe');
  const path = join(folder, 'rows.parquet');
  await promisify(execFile)('mkfifo', [pipe]);
  const sent = pipeline(rows, createWriteStream(pipe));
  const read = session
    .write([{ select: rowsSql(pipe, columns), path, format: PARQUET }])
    .catch(async (error: Error) => {
      rows.destroy(error);
      // When DuckDB fails before it opens the pipe, our own `open` still waits for a reader. This one lets it go on.
      await (await open(pipe, 'r+')).close();
      throw error;
    });
  const [sending, reading] = await Promise.allSettled([sent, read]);
  if (reading.status === 'rejected') throw reading.reason;
  if (sending.status === 'rejected') throw sending.reason;
  const file = `read_parquet(${quoteLiteral(path)})`;
  const fingerprintOver = (compared: readonly ComparedColumn[]) => {
    const fields = compared.map(({ name, type }) => ({ sql: quoteIdentifier(name), type }));
    const text = rowTextSql(duckdb, fields);
    return fingerprintOf(session, duckdb.fingerprint(`(SELECT ${text} AS t FROM ${file}) rows_all`));
  };
  const named = nullable(columns).map((column) => ({
    c: `c${columns.indexOf(column)}`,
    sql: quoteIdentifier(column.name),
  }));
  return {
    path,
    fingerprint: await fingerprintOver(columns.filter((column) => column.compare)),
    ...(proof ? { proof: await fingerprintOver(proof) } : {}),
    nulls: await nullCountsOf(session, { columns }, nullCountSql(named, file)),
  };
}

function rowsSql(pipe: string, columns: readonly Column[]): string {
  const fields = columns.map((_column, index) => `f${index}: 'VARCHAR'`).join(', ');
  const typed = columns.map((column, index) => `${typedSql(column, `f${index}`)} AS ${quoteIdentifier(column.name)}`);
  return `SELECT ${typed.join(', ')} FROM read_csv(${quoteLiteral(pipe)}, columns = {${fields}, e: 'VARCHAR'}, header = false,
    auto_detect = false, delim = ',', quote = '"', escape = '"', comment = '', nullstr = '', allow_quoted_nulls = false,
    null_padding = false, strict_mode = true, new_line = '\\n', parallel = false, compression = 'none', max_line_size = ${MAX_RECORD_BYTES})`;
}

/** A timestamptz is sent as a timestamp in UTC. */
function typedSql({ type }: Column, field: string): string {
  return type === 'timestamptz'
    ? duckdb.atUtc(`CAST(${field} AS TIMESTAMP)`)
    : `CAST(${field} AS ${duckdb.type(type)})`;
}
