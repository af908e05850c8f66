import { join } from 'node:path';
import type { RepeatCounts } from '../../core/diff/repeats.ts';
import type { Samples } from '../../core/diff/samples.ts';
import { NightfeedError } from '../../core/errors.ts';
import { identityColumns } from '../../core/feed/columns.ts';
import { canonicalJson } from '../../core/feed/reading-spec.ts';
import { isKeyless } from '../../core/feed/row-identity.ts';
import type { ChangeKind } from '../../core/run/diff-receipt.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { type DiffPlan, diffPlan } from '../../core/sql/plans/diff-plan.ts';
import type { PlanStep } from '../../core/sql/plans/plan-step.ts';
import type { RepeatQueries } from '../../core/sql/plans/repeats-sql.ts';
import type { ValueReject } from '../../core/sql/plans/value-reject.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import { type Counts, countsIn, repeatCountsIn } from '../common/plan-answers.ts';
import type { Unsuitable } from '../common/unsuitable.ts';
import type { Comparison, LocalFiles } from './comparison.ts';
import type { Inputs } from './plan-inputs.ts';
import { readValueRejects } from './rejects/value-rejects.ts';
import { takeSamples } from './samples.ts';
import { type DuckDbSession, type Output, PARQUET } from './session.ts';
import { sumUp } from './sums.ts';

/** The plan's result, before rejected records are located in landing. It counts only the records that the plan has read. */
export interface Joined<Files = LocalFiles> extends Omit<Comparison<Files>, 'rejected' | 'samples' | 'repeats'> {
  readonly samples: Omit<Samples, 'rejected'>;
  readonly rejected: number;
  /** Rejects that the plan found, and older versions of a key; malformed records are not among them. */
  readonly values: readonly ValueReject[];
  /** null where no key occurs twice. */
  readonly repeats: RepeatCounts | null;
}

/** Called after the rows are joined. The answer is Unsuitable when the result cannot be trusted. */
export type Objection = (session: DuckDbSession) => Promise<Unsuitable | null>;

type Table = Pick<EngineInput, 'table' | 'columns' | 'base'> & Pick<EngineInput['next'], 'reading'>;

/** Facts that the caller knows before. Each saves time. */
interface Known {
  /** No key occurs twice among the records. */
  readonly isUnique?: boolean;
  /** Kinds of change that need no more samples. */
  readonly sampled?: readonly ChangeKind[];
}

/** Runs the diff plan. The answer is Unsuitable when the objection finds a reason. */
export async function joinRows(
  session: DuckDbSession,
  table: Table,
  inputs: Pick<Inputs, 'relations' | 'next' | 'files'>,
  scratch: string,
  object?: Objection,
  { isUnique = false, sampled = [] }: Known = {},
): Promise<Joined | Unsuitable> {
  const plan = diffPlan(duckdb, {
    columns: table.columns,
    reading: table.reading,
    whole: needsWhole(table),
    judgeAll: hasOtherRules(table),
    first: table.base === null,
    isUnique,
  });
  const made = [
    ...inputs.relations.map(([name, select]) => `CREATE OR REPLACE VIEW ${name} AS ${select}`),
    ...plan.steps.map(stepSql),
  ];
  const answers = await session.runAll([...made, READ_RECORDS]);
  checkReading(inputs, answers.at(-1)!);
  const objection = await object?.(session);
  if (objection) return objection;

  const { numbers, ...sums } = await sumUp(session, table, plan);
  const counts = countsIn(numbers);
  const rejected = Number(numbers.rejects);
  const values =
    rejected + counts.collapsed === 0
      ? []
      : await readValueRejects(session, table.table, { ...counts, rejected, sql: plan.rejects }, scratch);
  return {
    ...counts,
    ...sums,
    samples: await takeSamples(session, table, plan, sums, sampled),
    files: await writeOutputs(session, plan, counts, scratch),
    rejected,
    values,
    repeats: values.some(isRepeat) ? await countRepeats(session, plan.repeats(inputs.files())) : null,
  };
}

function isRepeat({ code }: ValueReject): boolean {
  return code === 'DUP_KEY' || code === 'DUP_ROW' || code === 'NEWER_REJECTED';
}

async function countRepeats(session: DuckDbSession, queries: RepeatQueries): Promise<RepeatCounts> {
  const [counts, files, keys] = await session.runAll([queries.counts, queries.files, queries.keys]);
  return repeatCountsIn({ counts: counts![0]!, files: files!, keys: keys! });
}

/**
 * Whether fingerprint and null counts have to be computed over all rows. That is so when they cover other columns than the base's, or
 * when an older version of nightfeed left the base without them. Otherwise, and without a base, they follow from the changes.
 */
export function needsWhole({ base, columns }: Pick<EngineInput, 'base' | 'columns'>): boolean {
  if (base === null) return false;
  if (base.nulls === undefined) return true;
  const compared = columns.filter((column) => column.compare);
  const then = [...base.reading.columns, ...(isKeyless(base.reading) ? identityColumns : [])];
  const typeThen = (name: string) => then.find((column) => column.name === name)?.type;
  return (
    base.compared.join('\n') !== compared.map(({ name }) => name).join('\n') ||
    compared.some(({ name, type }) => typeThen(name) !== type)
  );
}

/** Whether the rules differ from the base's. Under the same rules each version of a row is checked only once. */
export function hasOtherRules({ base, reading }: Pick<Table, 'base' | 'reading'>): boolean {
  return base === null || canonicalJson(base.reading.rules ?? []) !== canonicalJson(reading.rules ?? []);
}

/** A table that grows is a recursive query: each step reads the rows of the step before, and no row is added twice. */
function stepSql({ kind, name, select, grow }: PlanStep): string {
  const all = grow ? `WITH RECURSIVE ${name} AS ((${select})\nUNION ${grow}) SELECT * FROM ${name}` : select;
  return `CREATE OR REPLACE ${kind} ${name} AS ${all}`;
}

const READ_RECORDS = 'SELECT part, count(*) AS found FROM next_rows GROUP BY part';

/** DuckDB must have seen exactly the records that our scan counted. */
function checkReading(inputs: Pick<Inputs, 'next'>, rows: readonly Record<string, unknown>[]): void {
  const found = new Map(rows.map((row) => [Number(row.part), Number(row.found)]));
  for (const { index, rows: expected } of inputs.next) {
    if (found.get(index) === expected) continue;
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `part ${index}: the scan counted ${expected} records, DuckDB read ${found.get(index) ?? 0}`,
    );
  }
}

async function writeOutputs(
  session: DuckDbSession,
  plan: DiffPlan,
  counts: Counts,
  scratch: string,
): Promise<LocalFiles> {
  const rows = {
    inserted: counts.inserted,
    updated: counts.updated,
    gone: counts.gone,
    carried: counts.carried + counts.suspended,
  };
  const files: Partial<Record<keyof typeof rows, string>> = {};
  const outputs: Output[] = [];
  for (const [name, select] of Object.entries(plan.outputs) as [keyof typeof rows, string][]) {
    if (rows[name] === 0) continue;
    const path = join(scratch, `${name}.parquet`);
    outputs.push({ select, path, format: PARQUET });
    files[name] = path;
  }
  await session.write(outputs);
  return files;
}
