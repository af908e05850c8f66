import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import type { Column } from '../../../core/feed/spec.ts';
import type { SnapshotManifest } from '../../../core/run/receipt.ts';
import { duckdb } from '../../../core/sql/dialect.ts';
import { snapshotRows } from './inputs.ts';
import type { Workbench } from './workbench.ts';

/** A query opens each file to see whether it wants its rows. */
const MAX_PARTITIONS = 1000;

/** Rows of a snapshot as Parquet in `folder`, a file or more for each combination of values in the columns to partition by. */
export async function exportRows(
  bench: Workbench,
  snapshot: SnapshotManifest,
  columns: readonly Column[],
  partitionBy: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const { session } = await bench.session();
  const whole = join(folder, 'rows.parquet');
  const names = columns
    .map(({ name, type }, index) => `${duckdb.stored(`c${index}`, type)} AS ${quoteIdentifier(name)}`)
    .join(', ');
  const rows = await snapshotRows(bench.store, snapshot, columns, folder);
  await session.run(
    `COPY (SELECT ${names} FROM (${rows})) TO ${quoteLiteral(whole)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  if (partitionBy.length === 0) return [whole];

  const file = `read_parquet(${quoteLiteral(whole)})`;
  const by = partitionBy.map(quoteIdentifier);
  const values = `SELECT DISTINCT ${by.join(', ')} FROM ${file}`;
  const [counted] = await session.run(`SELECT count(*) AS partitions FROM (${values})`);
  const partitions = Number(counted!.partitions);
  if (partitions === 0) return [whole];
  if (partitions > MAX_PARTITIONS)
    throw new NightfeedError(
      'TOO_MANY_PARTITIONS',
      `${snapshot.table}: ${partitions.toLocaleString('en')} partitions by ${partitionBy.join(', ')}; at most ${MAX_PARTITIONS.toLocaleString('en')} are allowed`,
    );
  const parts = join(folder, 'parts');
  const numbered = `SELECT *, row_number() OVER () AS ${NUMBER} FROM (${values})`;
  const same = by.map((name) => `r.${name} IS NOT DISTINCT FROM p.${name}`).join(' AND ');
  await session.run(`COPY (SELECT r.*, p.${NUMBER} FROM ${file} r JOIN (${numbered}) p ON ${same})
    TO ${quoteLiteral(parts)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (${NUMBER}))`);
  const written = await readdir(parts, { recursive: true, withFileTypes: true });
  return written.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A name that no column of a feed has: it is reserved. */
const NUMBER = '_loaded_at';
