import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import {
  inPartition,
  MAX_PARTITIONS,
  PARTITION,
  partitionsSql,
  storedRowsSql,
  tooManyPartitions,
} from '../../core/sql/plans/stored-rows.ts';
import type { EngineFile, Exported } from '../../ports/comparison.ts';
import { snapshotRows } from './inputs.ts';
import type { DuckDbPool } from './pool.ts';
import { PARQUET } from './session.ts';

/** Writes the rows of a snapshot as Parquet into `folder`: one or more files for each combination of values in the partition columns. */
export async function exportRows(
  pool: DuckDbPool,
  { snapshot, columns, partitionBy }: Exported,
  folder: string,
): Promise<readonly EngineFile[]> {
  const { session } = await pool.session();
  const path = join(folder, 'rows.parquet');
  const rows = storedRowsSql(duckdb, columns, `(${await snapshotRows(pool.store, snapshot, columns, folder)}) rows`);
  await session.write([{ select: rows, path, format: PARQUET }]);
  const whole = [{ path }];
  if (partitionBy.length === 0) return whole;

  const file = `read_parquet(${quoteLiteral(path)})`;
  const partitions = partitionsSql(duckdb, partitionBy, file);
  const [counted] = await session.run(`SELECT count(*) AS partitions FROM (${partitions})`);
  const found = Number(counted!.partitions);
  if (found === 0) return whole;
  if (found > MAX_PARTITIONS) throw tooManyPartitions(snapshot.table, found, partitionBy);
  const parts = join(folder, 'parts');
  const select = `SELECT r.*, p.${PARTITION} FROM ${file} r JOIN (${partitions}) p ON ${inPartition(duckdb, partitionBy)}`;
  const format = `${PARQUET}, PARTITION_BY (${PARTITION})`;
  await session.write([{ select, path: parts, format, isPartitioned: true }]);
  const written = await readdir(parts, { recursive: true, withFileTypes: true });
  return written.filter((entry) => entry.isFile()).map((entry) => ({ path: join(entry.parentPath, entry.name) }));
}
