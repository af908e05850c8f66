import type { Column } from '../../../feed/spec.ts';
import { spark } from '../../dialects/spark.ts';
import { inPartition, MAX_PARTITIONS, PARTITION, partitionsSql, storedRowsSql } from '../stored-rows.ts';
import { type SparkOutput, type SparkPlan, sessionSettings } from './plan.ts';
import { type SparkSnapshot, snapshotSpark } from './snapshot.ts';

export interface SparkExport {
  readonly columns: readonly Column[];
  readonly snapshot: SparkSnapshot;
  /** Rows of the snapshot. Exactly as many are written, or the job fails. */
  readonly rows: number;
  /** Uncompressed bytes of the snapshot's records. */
  readonly bytes: number;
  readonly partitionBy: readonly string[];
  readonly into: string;
}

/** Bytes of records in a file. They make some hundred megabytes of Parquet, which S3 copies in one request. */
const FILE_BYTES = 1_000_000_000;

/** Writes the rows of a snapshot as the output `rows`, but nothing when there are more than MAX_PARTITIONS partitions. */
export function sparkExportPlan({ columns, snapshot, rows, bytes, partitionBy, into }: SparkExport): SparkPlan {
  const held = snapshotSpark('snapshot', columns, snapshot);
  const fileRows = Math.ceil(rows / Math.ceil(Math.max(bytes, 1) / FILE_BYTES));
  const whole = { select: 'SELECT * FROM stored_rows', fileRows };
  return {
    settings: sessionSettings(bytes),
    inputs: held.inputs,
    steps: [
      { name: 'snapshot_rows', kind: 'view', select: held.rows },
      { name: 'stored_rows', kind: 'view', select: storedRowsSql(spark, columns, 'snapshot_rows') },
      ...(partitionBy.length === 0
        ? []
        : [{ name: 'partitions', kind: 'table' as const, select: partitionsSql(spark, partitionBy, 'stored_rows') }]),
    ],
    checks: [],
    queries: { numbers: partitionBy.length === 0 ? `SELECT ${rows} AS rows, 0 AS partitions` : partitioned(rows) },
    chosen: null,
    optional: {},
    outputs: [
      {
        name: 'rows',
        format: 'parquet',
        counts: ['rows'],
        ...(partitionBy.length === 0 ? whole : byPartition(partitionBy, fileRows)),
      },
    ],
    into,
    result: `${into}result.json`,
  };
}

function partitioned(rows: number): string {
  return `SELECT CASE WHEN count(*) > ${MAX_PARTITIONS} THEN 0 ELSE ${rows} END AS rows, count(*) AS partitions FROM partitions`;
}

/** The rows of a partition go to one task, those of a large partition to several. */
function byPartition(
  by: readonly string[],
  fileRows: number,
): Pick<SparkOutput, 'select' | 'fileRows' | 'partitionBy'> {
  const select = `SELECT /*+ REBALANCE(${PARTITION}) */ r.*, p.${PARTITION} FROM stored_rows r JOIN partitions p ON ${inPartition(spark, by)}`;
  return { select, fileRows, partitionBy: PARTITION };
}
