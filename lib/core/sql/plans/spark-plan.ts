import { onePartitionAFile } from '../dialects/read-csv-spark.ts';
import type { SparkInput } from '../dialects/spark-input.ts';
import type { PlanStep } from './plan-step.ts';

/** The document that `glue-jobs/diff.py` runs, in this order and nothing else. */
export interface SparkPlan {
  readonly version: 1;
  readonly settings: Readonly<Record<string, string>>;
  readonly inputs: readonly SparkInput[];
  /** Views. Those marked as tables are computed once. */
  readonly steps: readonly PlanStep[];
  /** Each has to yield exactly these rows, or the job ends. */
  readonly checks: readonly SparkCheck[];
  /** Queries with few rows; `numbers` is one of them. */
  readonly queries: Readonly<Record<string, string>>;
  /** Further queries, and a query that names those of them to run. */
  readonly chosen: string | null;
  readonly optional: Readonly<Record<string, string>>;
  readonly outputs: readonly SparkOutput[];
  /** Prefix with `/` at its end that this job alone writes to. */
  readonly into: string;
  /** Object with the result; written last, once. */
  readonly result: string;
}

interface SparkCheck {
  readonly about: string;
  readonly select: string;
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface SparkOutput {
  readonly name: string;
  readonly select: string;
  readonly format: 'parquet' | 'json';
  /** Numbers of the query `numbers` whose sum must be its number of rows. */
  readonly counts: readonly string[];
  /** Rows of a file; without it there is a single file. */
  readonly fileRows?: number;
  /** A column with one value in each file. The files themselves do not have it. */
  readonly partitionBy?: string;
  /** With more rows nothing is written. */
  readonly limit?: number;
}

/** The result of the job: values as text, and the files of each output that has rows. */
export interface SparkResult {
  /** A check that failed; the result has nothing else then. */
  readonly disagrees?: string;
  readonly queries: Readonly<Record<string, readonly SparkRow[]>>;
  readonly outputs: Readonly<Record<string, readonly { readonly file: string; readonly rows: number }[]>>;
}

type SparkRow = Readonly<Record<string, string | null>>;

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
