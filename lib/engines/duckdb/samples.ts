import type { NullCounts } from '../../core/diff/null-counts.ts';
import {
  NULL_COLUMNS,
  NULL_SHARE,
  SAMPLE_CHARACTERS,
  SAMPLE_ROWS,
  type SampleReject,
  type SampleRow,
  type Samples,
  sampleRow,
  shorten,
} from '../../core/diff/samples.ts';
import { entryOf } from '../../core/entry-of.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { type ChangeKind, changeKinds } from '../../core/run/diff-receipt.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import type { DiffPlan } from '../../core/sql/plans/diff-plan.ts';
import { nullSampleSql } from '../../core/sql/plans/sample-sql.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import type { DuckDbSession } from './session.ts';

type Table = Pick<EngineInput, 'columns' | 'base'>;

interface Numbers {
  readonly nulls: { readonly before: NullCounts; readonly after: NullCounts };
  /** How many rows break a rule, by its name. */
  readonly broken: Readonly<Record<string, number>>;
}

/** A few rows of each kind of change that still needs samples, for the person who decides on this change set. A first load has none. */
export async function takeSamples(
  session: DuckDbSession,
  input: Table & { readonly reading: ReadingSpec },
  plan: Pick<DiffPlan, 'samples' | 'brokenSamples'>,
  { nulls, broken }: Numbers,
  enough: readonly ChangeKind[] = [],
): Promise<Omit<Samples, 'rejected'>> {
  const { columns, base } = input;
  const wanted = base === null ? [] : changeKinds.filter((kind) => !enough.includes(kind));
  const rows = await session.runAll(wanted.map((kind) => plan.samples[kind]));
  const taken = (kind: ChangeKind) => (rows[wanted.indexOf(kind)] ?? []).map((row) => sampleRow(columns, kind, row));
  return {
    inserted: taken('inserted'),
    updated: taken('updated'),
    gone: taken('gone'),
    nulls: base === null ? {} : await takeNulls(session, input, nulls),
    broken: base === null ? {} : await takeBroken(session, input, plan, broken),
  };
}

async function takeBroken(
  session: DuckDbSession,
  { columns, reading: { rules = [] } }: Table & { readonly reading: ReadingSpec },
  { brokenSamples }: Pick<DiffPlan, 'brokenSamples'>,
  broken: Numbers['broken'],
): Promise<Record<string, SampleRow[]>> {
  const samples = new Map<string, SampleRow[]>();
  for (const [index, { name }] of rules.entries()) {
    if (!entryOf(broken, name)) continue;
    const rows = await session.run(brokenSamples[`b${index}`]!);
    samples.set(
      name,
      rows.map((row) => sampleRow(columns, 'inserted', row)),
    );
  }
  return Object.fromEntries(samples);
}

async function takeNulls(
  session: DuckDbSession,
  table: Table,
  nulls: { readonly before: NullCounts; readonly after: NullCounts },
): Promise<Samples['nulls']> {
  const { columns } = table;
  const samples = new Map<string, Samples['nulls'][string]>();
  for (const { name, by } of movedColumns(table, nulls).slice(0, NULL_COLUMNS)) {
    const index = columns.findIndex((column) => column.name === name);
    const rows = await session.run(nullSampleSql(duckdb, columns, index, by > 0));
    samples.set(
      name,
      rows.map((row) => sampleRow(columns, 'updated', row, index)),
    );
  }
  return Object.fromEntries(samples);
}

/** Columns whose null counts changed enough to matter to a guard, the largest change first. */
export function movedColumns(
  { base }: Table,
  { before, after }: { readonly before: NullCounts; readonly after: NullCounts },
): { readonly name: string; readonly by: number }[] {
  return Object.keys(after)
    .map((name) => ({ name, by: after[name]! - (entryOf(before, name) ?? 0) }))
    .filter(({ by }) => by !== 0 && Math.abs(by) >= NULL_SHARE * base!.fingerprint.rows)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
}

/** Takes one reject of each code before a second of any. Repeated rows (DUP_ROW) are left out: nobody has to look at them. */
export async function sampleRejects(session: DuckDbSession, path: string | undefined): Promise<SampleReject[]> {
  if (path === undefined) return [];
  const cut = (name: string) => `substr("${name}", 1, ${SAMPLE_CHARACTERS + 1}) AS "${name}"`;
  const rows = await session.run(`SELECT code, "column", ${cut('key')}, ${cut('raw')} FROM (
    SELECT *, row_number() OVER (PARTITION BY code ORDER BY object, "offset") AS nth FROM read_parquet(${quoteLiteral(path)}) WHERE code <> 'DUP_ROW') r
    ORDER BY nth, code LIMIT ${SAMPLE_ROWS}`);
  return rows.map(({ code, column, key, raw }) => ({
    code: code as string,
    column: column as string | null,
    key: shorten(key as string | null),
    raw: shorten(raw as string),
  }));
}
