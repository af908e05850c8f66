import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quoteIdentifier, quoteLiteral } from '../../../lib/core/feed/identifier.ts';

const instance = DuckDBInstance.create(':memory:', { threads: '1' });

/** A Parquet file of DuckDB's writer with the rows of a query. */
export async function parquetOf(select: string, options = ''): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  try {
    const connection = await (await instance).connect();
    const path = join(folder, 'rows.parquet');
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet${options && `, ${options}`})`);
    connection.closeSync();
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The values of a query in JavaScript. */
export async function rowsOf(select: string): Promise<unknown[][]> {
  const connection = await (await instance).connect();
  return (await connection.runAndReadAll(select)).getRows();
}

/** The same with these rows of texts, each column of a type. */
export function parquetOfRows(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  types: readonly string[] = names.map(() => 'VARCHAR'),
): Promise<Buffer> {
  const value = (text: string | null, index: number) =>
    `CAST(${text === null ? 'NULL' : quoteLiteral(text)} AS ${types[index]})`;
  const columns = names.map((name, index) => `c${index} AS ${quoteIdentifier(name)}`).join(', ');
  const tuples = rows.map((row) => `(${row.map(value).join(', ')})`).join(', ');
  return parquetOf(`SELECT ${columns} FROM (VALUES ${tuples}) t(${names.map((_, index) => `c${index}`).join(', ')})`);
}
