import { nullable } from '../diff/null-counts.ts';
import { NULL_COLUMNS, NULL_SHARE } from '../diff/samples.ts';
import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { Column } from '../feed/spec.ts';
import { baseRowsSql } from './base-rows.ts';
import { diffPlan } from './diff-plan.ts';
import { noRecords } from './read-csv.ts';
import { onePartitionAFile, readCsvSpark, type SparkCsv } from './read-csv-spark.ts';
import { nullSampleSql } from './sample-sql.ts';
import { referencedName } from './set-rules.ts';
import { spark } from './spark.ts';
import { recordsSpark, type SparkSnapshot, snapshotSpark } from './spark-snapshot.ts';

/** What `glue-jobs/diff.py` is told: everything it runs is in here, in this order. */
export interface SparkPlan {
  readonly version: 1;
  readonly settings: Readonly<Record<string, string>>;
  /** Files that become views. */
  readonly inputs: readonly SparkInput[];
  /** Views; those that are tables are computed once. */
  readonly steps: readonly { readonly name: string; readonly kind: 'table' | 'view'; readonly select: string }[];
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

export interface SparkInput {
  readonly name: string;
  readonly format: 'csv' | 'json' | 'parquet';
  readonly schema?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Expressions over the file's own. */
  readonly columns: readonly string[];
  readonly files: readonly string[];
}

interface SparkCheck {
  readonly about: string;
  readonly select: string;
  readonly rows: readonly (readonly (string | number)[])[];
}

interface SparkOutput {
  readonly name: string;
  readonly select: string;
  readonly format: 'parquet' | 'json';
  /** Numbers of the query `numbers` whose sum is its rows. */
  readonly counts: readonly string[];
  /** Rows of a file; without it there is one file. */
  readonly fileRows?: number;
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

export interface SparkDiff {
  readonly columns: readonly Column[];
  readonly whole: boolean;
  readonly judgeAll: boolean;
  readonly next: { readonly reading: ReadingSpec; readonly csv: readonly SparkCsv[] };
  /** Records of each part that are sound. */
  readonly parts: readonly (readonly [part: number, rows: number])[];
  /** File of structural rejects, one JSON a line. */
  readonly broken: string | null;
  readonly base: (SparkSnapshot & { readonly rows: number }) | null;
  readonly references: readonly SparkReference[];
  /** Bytes of both sides, uncompressed. */
  readonly bytes: number;
  readonly maxRejects: number;
  readonly into: string;
}

/** The values that a rule's column may have: those of a column of another table's snapshot. */
export interface SparkReference {
  /** Of the rule, in the reading spec. */
  readonly rule: number;
  readonly snapshot: SparkSnapshot;
  readonly columns: readonly Column[];
  readonly column: string;
}

/** Of a file of changes: some hundred megabytes. */
const FILE_ROWS = 5_000_000;

/** The diff of one table as a document: the plan of every engine, between Spark's readers and writers. */
export function sparkPlan(diff: SparkDiff): SparkPlan {
  const { columns, next, base } = diff;
  const { whole, judgeAll } = diff;
  const plan = diffPlan(spark, { columns, reading: next.reading, whole, judgeAll, first: base === null });
  const delivered = next.csv.map((csv, index) => readCsvSpark(`next_csv_${index}`, csv, next.reading));
  const held = base && snapshotSpark('base', columns, base);
  const noRows = baseRowsSql(spark, columns, next.reading, `(${noRecords(next.reading, spark)})`, null);
  const references = diff.references.map(referenceSpark);
  const view = (name: string, select: string) => ({ name, kind: 'view' as const, select });
  return {
    version: 1,
    settings: sessionSettings(diff.bytes),
    inputs: [
      ...delivered,
      ...(held?.inputs ?? []),
      ...references.flatMap(({ inputs }) => inputs),
      ...(diff.broken === null ? [] : [brokenInput(diff.broken, next.reading)]),
    ],
    steps: [
      view('next_records', recordsSpark(delivered, next.reading)),
      view('next_broken', diff.broken === null ? noBroken(next.reading) : 'SELECT * FROM broken_json'),
      view('base_rows', held?.rows ?? noRows),
      ...references.map(({ name, rows }) => view(name, rows)),
      ...plan.steps,
      ...Object.entries(plan.nulls).map(([name, select]) => ({
        name: `nulls_${name}`,
        kind: 'table' as const,
        select,
      })),
    ],
    checks: [
      {
        about: 'records of each part',
        select: 'SELECT part, count(*) AS found FROM next_rows GROUP BY part ORDER BY part',
        rows: diff.parts,
      },
    ],
    queries: {
      numbers: plan.numbers,
      ...(plan.broken === null ? {} : { broken: plan.broken }),
      ...plan.fingerprints,
      ...Object.fromEntries(Object.keys(plan.nulls).map((name) => [`nulls_${name}`, `SELECT * FROM nulls_${name}`])),
      ...(base === null ? {} : { ...plan.samples, ...prefixed('broken_', plan.brokenSamples) }),
    },
    ...nullSamples(columns, base?.rows ?? null),
    outputs: [
      { name: 'inserted', select: plan.outputs.inserted, format: 'parquet', counts: ['inserted'], fileRows: FILE_ROWS },
      { name: 'updated', select: plan.outputs.updated, format: 'parquet', counts: ['updated'], fileRows: FILE_ROWS },
      { name: 'gone', select: plan.outputs.gone, format: 'parquet', counts: ['gone'], fileRows: FILE_ROWS },
      { name: 'carried', select: plan.outputs.carried, format: 'parquet', counts: ['carried', 'suspended'] },
      {
        name: 'rejects',
        select: plan.rejects,
        format: 'json',
        counts: ['value_rejects'],
        limit: diff.maxRejects,
      },
    ],
    into: diff.into,
    result: `${diff.into}result.json`,
  };
}

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

function prefixed(prefix: string, queries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(queries).map(([name, select]) => [prefix + name, select]));
}

/** Rows of the columns whose null counts moved most. */
function nullSamples(columns: readonly Column[], baseRows: number | null): Pick<SparkPlan, 'chosen' | 'optional'> {
  const counted = nullable(columns).map((column) => columns.indexOf(column));
  if (baseRows === null || counted.length === 0) return { chosen: null, optional: {} };
  const moved = counted.map((index) => `${index}, a.c${index} - b.c${index}`).join(', ');
  return {
    chosen: `SELECT CASE WHEN moved > 0 THEN 'to_null_' ELSE 'from_null_' END || c AS name
FROM (SELECT stack(${counted.length}, ${moved}) AS (c, moved) FROM nulls_before b CROSS JOIN nulls_after a) counts
WHERE moved <> 0 AND abs(moved) >= ${NULL_SHARE * baseRows} ORDER BY abs(moved) DESC, c LIMIT ${NULL_COLUMNS}`,
    optional: Object.fromEntries(
      counted.flatMap((index) => [
        [`to_null_${index}`, nullSampleSql(spark, columns, index, true)],
        [`from_null_${index}`, nullSampleSql(spark, columns, index, false)],
      ]),
    ),
  };
}

function referenceSpark({ rule, snapshot, columns, column }: SparkReference) {
  const name = referencedName(rule);
  const { inputs, rows } = snapshotSpark(name, columns, snapshot);
  const c = `c${columns.findIndex((each) => each.name === column)}`;
  return { name, inputs, rows: `SELECT DISTINCT ${c} AS v FROM (${rows}) rows WHERE ${c} IS NOT NULL` };
}

function brokenInput(file: string, reading: ReadingSpec): SparkInput {
  const keys = keysOf(reading);
  return {
    name: 'broken_json',
    format: 'json',
    schema: ['part BIGINT', 'code STRING', 'readable BOOLEAN', ...keys.map((key) => `${key} STRING`)].join(', '),
    options: { mode: 'FAILFAST', lineSep: '\n', encoding: 'UTF-8', __globPaths__: 'false' },
    columns: ['part', 'CAST(NULL AS BIGINT) AS ord', 'code', 'readable', ...keys],
    files: [file],
  };
}

function noBroken(reading: ReadingSpec): string {
  const keys = keysOf(reading).map((key) => `CAST(NULL AS STRING) AS ${key}`);
  return `SELECT CAST(0 AS BIGINT) AS part, CAST(NULL AS BIGINT) AS ord, '' AS code, ${['false AS readable', ...keys].join(', ')} WHERE false`;
}

function keysOf(reading: ReadingSpec): string[] {
  return reading.columns.flatMap(({ key, as }, index) => (key && as === undefined ? [`r${index}`] : []));
}
