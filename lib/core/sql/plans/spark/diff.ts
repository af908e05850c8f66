import { nullable } from '../../../diff/null-counts.ts';
import { NULL_COLUMNS, NULL_SHARE } from '../../../diff/samples.ts';
import type { ReadingSpec } from '../../../feed/reading-spec.ts';
import type { Column } from '../../../feed/spec.ts';
import { noRecords } from '../../dialects/read-csv.ts';
import { readCsvSpark, type SparkCsv } from '../../dialects/read-csv-spark.ts';
import { spark } from '../../dialects/spark.ts';
import type { SparkInput } from '../../dialects/spark-input.ts';
import { baseRowsSql } from '../base-rows.ts';
import { diffPlan } from '../diff-plan.ts';
import { noMalformed, readKeys } from '../malformed-records.ts';
import type { FileRange, RepeatQueries } from '../repeats-sql.ts';
import { nullSampleSql } from '../sample-sql.ts';
import { referencedName } from '../set-rules.ts';
import { type SparkPlan, sessionSettings } from './plan.ts';
import { recordsSpark, type SparkSnapshot, snapshotSpark } from './snapshot.ts';

export interface SparkDiff {
  readonly columns: readonly Column[];
  readonly whole: boolean;
  readonly judgeAll: boolean;
  readonly next: { readonly reading: ReadingSpec; readonly csv: readonly SparkCsv[] };
  /** Number of well-formed records of each part. */
  readonly parts: readonly (readonly [part: number, rows: number])[];
  /** Ranges of parts of each of the vendor's files. */
  readonly files: readonly FileRange[];
  /** File of structural rejects, one JSON object a line. */
  readonly malformed: string | null;
  readonly base: (SparkSnapshot & { readonly rows: number }) | null;
  readonly references: readonly SparkReference[];
  /** Uncompressed bytes of both sides. */
  readonly bytes: number;
  readonly maxRejects: number;
  readonly into: string;
}

/** The allowed values of a rule's column: those of a column in another table's snapshot. */
export interface SparkReference {
  /** Index of the rule in the reading spec. */
  readonly rule: number;
  readonly snapshot: SparkSnapshot;
  readonly columns: readonly Column[];
  readonly column: string;
}

/** Rows of a file of changes, which comes to some hundred megabytes. */
const FILE_ROWS = 5_000_000;

/** The diff of one table as a document for Spark: the plan of every engine, with Spark's readers and writers around it. */
export function sparkDiffPlan(diff: SparkDiff): SparkPlan {
  const { columns, next, base } = diff;
  const { whole, judgeAll } = diff;
  const plan = diffPlan(spark, { columns, reading: next.reading, whole, judgeAll, first: base === null });
  const delivered = next.csv.map((csv, index) => readCsvSpark(`next_csv_${index}`, csv, next.reading));
  const held = base && snapshotSpark('base', columns, base);
  const noRows = baseRowsSql(spark, columns, next.reading, `(${noRecords(next.reading, spark)})`, null);
  const references = diff.references.map(referenceSpark);
  const view = (name: string, select: string) => ({ name, kind: 'view' as const, select });
  return {
    settings: sessionSettings(diff.bytes),
    inputs: [
      ...delivered,
      ...(held?.inputs ?? []),
      ...references.flatMap(({ inputs }) => inputs),
      ...(diff.malformed === null ? [] : [malformedInput(diff.malformed, next.reading)]),
    ],
    steps: [
      view('next_records', recordsSpark(delivered, next.reading)),
      view(
        'next_malformed',
        diff.malformed === null ? noMalformed(next.reading, spark) : 'SELECT * FROM malformed_json',
      ),
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
    ...chosenLater([nullSamples(columns, base?.rows ?? null), repeats(plan.repeats(diff.files))]),
    outputs: [
      { name: 'inserted', select: plan.outputs.inserted, format: 'parquet', counts: ['inserted'], fileRows: FILE_ROWS },
      { name: 'updated', select: plan.outputs.updated, format: 'parquet', counts: ['updated'], fileRows: FILE_ROWS },
      { name: 'gone', select: plan.outputs.gone, format: 'parquet', counts: ['gone'], fileRows: FILE_ROWS },
      { name: 'carried', select: plan.outputs.carried, format: 'parquet', counts: ['carried', 'suspended'] },
      {
        name: 'rejects',
        select: plan.rejects,
        format: 'json',
        counts: ['value_rejects', 'collapsed'],
        limit: diff.maxRejects,
      },
    ],
    into: diff.into,
    result: `${diff.into}result.json`,
  };
}

function prefixed(prefix: string, queries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(queries).map(([name, select]) => [prefix + name, select]));
}

type Chosen = Pick<SparkPlan, 'chosen' | 'optional'>;

function chosenLater(all: readonly Chosen[]): Chosen {
  const asked = all.flatMap(({ chosen }) => (chosen === null ? [] : [`SELECT name FROM (${chosen}) c`]));
  return {
    chosen: asked.length === 0 ? null : asked.join('\nUNION ALL '),
    optional: Object.assign({}, ...all.map(({ optional }) => optional)),
  };
}

/** Queries about repeats in several files, run only if some key occurs twice. */
function repeats({ counts, files, keys }: RepeatQueries): Chosen {
  const optional = { repeat_counts: counts, repeat_files: files, repeat_keys: keys };
  const names = Object.keys(optional).map((name) => `'${name}'`);
  return {
    chosen: `SELECT explode(array(${names.join(', ')})) AS name FROM (SELECT 1 FROM duplicate_rows LIMIT 1) any_row`,
    optional,
  };
}

/** Samples of the columns whose null counts changed most. */
function nullSamples(columns: readonly Column[], baseRows: number | null): Chosen {
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

function malformedInput(file: string, reading: ReadingSpec): SparkInput {
  const keys = readKeys(reading);
  return {
    name: 'malformed_json',
    format: 'json',
    schema: ['part BIGINT', 'code STRING', 'readable BOOLEAN', ...keys.map((key) => `${key} STRING`)].join(', '),
    options: { mode: 'FAILFAST', lineSep: '\n', encoding: 'UTF-8', __globPaths__: 'false' },
    columns: ['part', 'CAST(NULL AS BIGINT) AS ord', 'code', 'readable', ...keys],
    files: [file],
  };
}
