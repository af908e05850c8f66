import { onePartitionAFile } from '../dialects/read-csv-spark.ts';
import type { SparkInput } from '../dialects/spark-input.ts';
import type { PlanStep } from './plan-step.ts';

/** What `glue-jobs/diff.py` is told: everything it runs is in here, in this order. */
export interface SparkPlan {
  readonly version: 1;
  readonly settings: Readonly<Record<string, string>>;
  readonly inputs: readonly SparkInput[];
  /** Views; those that are tables are computed once. */
  readonly steps: readonly PlanStep[];
  /** Each yields exactly these rows, or the job ends there. */
  readonly checks: readonly SparkCheck[];
  /** Few rows each; `numbers` is one. */
  readonly queries: Readonly<Record<string, string>>;
  /** Names of further queries that turn out to be of interest, and these. */
  readonly chosen: string | null;
  readonly optional: Readonly<Record<string, string>>;
  readonly outputs: readonly SparkOutput[];
  /** Where the job writes, `/` at the end; its own. */
  readonly into: string;
  /** Written last, once: what the job found. */
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
  /** Numbers of the query `numbers` whose sum is its rows. */
  readonly counts: readonly string[];
  /** Rows of a file; without it there is one file. */
  readonly fileRows?: number;
  /** A column of which each file has one value; it is not among those of the file. */
  readonly partitionBy?: string;
  /** More rows are not written at all. */
  readonly limit?: number;
}

/** What the job found: values as text, and the files of each output that has rows. */
export interface SparkResult {
  /** A check that did not hold; there is nothing else then. */
  readonly disagrees?: string;
  readonly queries: Readonly<Record<string, readonly SparkRow[]>>;
  readonly outputs: Readonly<Record<string, readonly { readonly file: string; readonly rows: number }[]>>;
}

type SparkRow = Readonly<Record<string, string | null>>;

/** Where compiling code and planning anew cost more than they save. */
const SMALL_BYTES = 2_000_000;
const small = {
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.adaptive.enabled': 'false',
};

const MIN_SHUFFLE = 1;
const MAX_SHUFFLE = 4000;
const SHUFFLE_BYTES = 64_000_000;

/** A job's own, by the bytes that it compares: none of them depends on where it runs. */
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
    // What it infers about rows grows with every pair of columns, and again: 16 columns were planned for ten minutes.
    'spark.sql.constraintPropagation.enabled': 'false',
  };
}
