import { z } from 'zod';
import type { ObjectKind } from '../../../objects/object-kind.ts';
import { type Stored, storedByName, storedCount, storedTexts } from '../../../objects/stored.ts';
import { onePartitionAFile } from '../../dialects/read-csv-spark.ts';
import { sparkInputSchema } from '../../dialects/spark-input.ts';
import { planStepSchema } from '../plan-step.ts';

const check = z.object({
  about: z.string(),
  select: z.string(),
  rows: z.array(z.array(z.union([z.string(), z.number()]))),
});

const output = z.object({
  name: z.string(),
  select: z.string(),
  format: z.enum(['parquet', 'json']),
  /** Numbers of the query `numbers` whose sum must be its number of rows. */
  counts: storedTexts,
  /** Rows of a file; without it there is a single file. */
  fileRows: storedCount.exactOptional(),
  /** A column with one value in each file. The files themselves do not have it. */
  partitionBy: z.string().exactOptional(),
  /** With more rows nothing is written. */
  limit: storedCount.exactOptional(),
});

export type SparkOutput = Stored<typeof output>;

const schema = z.object({
  settings: storedByName(z.string()),
  inputs: z.array(sparkInputSchema),
  /** Views. Those marked as tables are computed once. */
  steps: z.array(planStepSchema),
  /** Each has to yield exactly these rows, or the job ends. */
  checks: z.array(check),
  /** Queries with few rows; `numbers` is one of them. */
  queries: storedByName(z.string()),
  /** Further queries, and a query that names those of them to run. */
  chosen: z.string().nullable(),
  optional: storedByName(z.string()),
  outputs: z.array(output),
  /** Prefix with `/` at its end that this job alone writes to. */
  into: z.string(),
  /** Object with the result; written last, once. */
  result: z.string(),
});

/** The document that `glue-jobs/diff.py` runs, in this order and nothing else. */
export type SparkPlan = Stored<typeof schema>;

/** A new version is one in `glue-jobs/diff.py`, too, which refuses what it does not know. */
export const sparkPlan: ObjectKind<SparkPlan> = { name: 'plan for Spark', version: 1, schema, isSealed: false };

/** Bytes up to which compiling code and planning anew cost more than they save. */
const SMALL_BYTES = 2_000_000;
const small = {
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.adaptive.enabled': 'false',
};

const MIN_SHUFFLE = 1;
const MAX_SHUFFLE = 4000;
const SHUFFLE_BYTES = 64_000_000;

/** Settings of a job by the bytes that it compares. None depends on where it runs. */
export function sessionSettings(bytes: number): Record<string, string> {
  const partitions = Math.min(MAX_SHUFFLE, Math.max(MIN_SHUFFLE, Math.ceil(bytes / SHUFFLE_BYTES)));
  return {
    ...onePartitionAFile,
    ...(bytes < SMALL_BYTES ? small : {}),
    'spark.sql.ansi.enabled': 'true',
    'spark.sql.session.timeZone': 'UTC',
    'spark.sql.shuffle.partitions': String(partitions),
    'spark.sql.csv.parser.columnPruning.enabled': 'false',
    'spark.sql.variant.allowDuplicateKeys': 'true',
    'spark.sql.parquet.outputTimestampType': 'TIMESTAMP_MICROS',
    'spark.sql.parquet.datetimeRebaseModeInRead': 'CORRECTED',
    'spark.sql.parquet.datetimeRebaseModeInWrite': 'CORRECTED',
    'spark.sql.parquet.compression.codec': 'zstd',
    'spark.sql.json.enablePartialResults': 'false',
    // Spark's inference about rows grows with every pair of columns and more: planning 16 columns took ten minutes.
    'spark.sql.constraintPropagation.enabled': 'false',
  };
}
