import { recordBytes } from '../../core/run/file-parts.ts';
import { sparkExportPlan } from '../../core/sql/plans/spark/export.ts';
import { MAX_PARTITIONS, tooManyPartitions } from '../../core/sql/plans/stored-rows.ts';
import type { EngineFile, Exported } from '../../ports/comparison.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import type { SparkRunner } from './runner.ts';
import { snapshotFiles } from './snapshot-files.ts';

/** Writes the rows of a snapshot that is not empty as Parquet. On Glue the files are objects below `into`. */
export async function exportOnSpark(
  { store }: DuckDbPool,
  runner: SparkRunner,
  { snapshot, columns, partitionBy, into }: Exported,
  folder: string,
): Promise<readonly EngineFile[]> {
  const room = runner.room(folder, into);
  const bytes = recordBytes(snapshot.files);
  const plan = sparkExportPlan({
    columns,
    snapshot: await snapshotFiles(store, room, snapshot, 'snapshot'),
    rows: snapshot.fingerprint.rows,
    bytes,
    partitionBy,
    into: room.into,
  });
  const { queries, outputs } = await room.run(plan, bytes);
  const partitions = Number(queries.numbers![0]!.partitions);
  if (partitions > MAX_PARTITIONS) throw tooManyPartitions(snapshot.table, partitions, partitionBy);
  return outputs.rows!.map(({ file }) => room.file(file));
}
