import { blanks } from '../../expression/evaluate.ts';
import type { ReadingColumn, ReadingSpec } from '../../feed/reading-spec.ts';
import { type Computed, type Shaped, shapingOf } from '../../feed/shaping.ts';
import { isReadAsIs } from '../../feed/values/clean-text.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { expressionSql } from '../dialects/expression-sql.ts';
import { respellingStages } from '../dialects/spelling/spelling-sql.ts';

/** SQL of a column of a reading spec: its text, the code of its fault and its typed value, under positional names. */
export interface PlanColumn extends ReadingColumn {
  readonly r: string;
  readonly k: string;
  readonly c: string;
}

/** SQL of a computed value over `c0…`, and the condition under which it fails. The condition is never null as SQL; it is null here if it cannot fail. */
interface ComputedSql {
  readonly sql: string;
  readonly failure: string | null;
}

export interface ShapedSql extends ComputedSql {
  /** Columns of the file that it depends on. */
  readonly reads: readonly PlanColumn[];
  /** Indexes of the derived columns that it depends on. */
  readonly through: readonly number[];
}

export interface ShapeSql {
  readonly columns: readonly PlanColumn[];
  /** Columns of the file. */
  readonly delivered: readonly PlanColumn[];
  /** Columns made of these. */
  readonly derived: readonly (PlanColumn & ShapedSql)[];
  /** Each is true for rows that are left out, never null. */
  readonly filters: readonly ShapedSql[];
  /** By index of a rule: true for rows that break it, never null. */
  readonly broken: readonly (readonly [index: number, computed: ComputedSql])[];
}

export function shapeSql(sql: SqlDialect, reading: ReadingSpec): ShapeSql {
  const columns = reading.columns.map((column, index) => ({
    ...column,
    r: `r${index}`,
    k: `k${index}`,
    c: `c${index}`,
  }));
  const shaping = shapingOf(reading);
  const byName = (name: string) => columns.find((column) => column.name === name)!;
  const computed = ({ expression, failure }: Computed): ComputedSql => {
    const [value, fails] = [expression, failure].map(
      (each) => each && expressionSql(sql, each, (name) => byName(name).c),
    );
    return { sql: value!, failure: fails ?? null };
  };
  const written = ({ reads, through, ...shaped }: Shaped): ShapedSql => ({
    ...computed(shaped),
    reads: [...reads].map(byName),
    through: [...through].map((name) => columns.indexOf(byName(name))),
  });
  return {
    columns,
    delivered: columns.filter(({ as }) => as === undefined),
    derived: [...shaping.derived].map(([name, shaped]) => ({ ...byName(name), ...written(shaped) })),
    filters: shaping.filters.map(written),
    broken: [...shaping.broken].map(([index, each]) => [index, computed(each)]),
  };
}

/** The same as `cleaned` of `core/feed/values/clean-text.ts`. */
function cleanSql(sql: SqlDialect, { trim, replace = [], nulls = [] }: ReadingColumn, raw: string): string {
  const start = trim ? sql.trim(raw, blanks) : raw;
  const text = replace.reduce(
    (before, { from, to }) => `replace(${before}, ${sql.literal(from)}, ${sql.literal(to)})`,
    start,
  );
  return nulls.reduce((before, word) => `nullif(${before}, ${sql.literal(word)})`, text);
}

/** Records with the texts of some columns cleaned and respelled; `others` stay as they are. */
export function cleanedRecords(
  sql: SqlDialect,
  columns: readonly PlanColumn[],
  records: string,
  others: readonly string[] = ['part', 'ord'],
): string {
  if (columns.every(isReadAsIs)) return records;
  const select = (texts: readonly string[], from: string) => `SELECT ${[...others, ...texts].join(', ')} FROM ${from}`;
  const cleaned = select(
    columns.map((column) => `${cleanSql(sql, column, column.r)} AS ${column.r}`),
    records,
  );
  const stages = columns.map(respellingStages);
  const depth = Math.max(0, ...stages.map(({ length }) => length));
  let read = cleaned;
  for (let level = 0; level < depth; level += 1) {
    const texts = columns.map(({ r }, index) => {
      const stage = stages[index]![level];
      return stage ? `${stage(sql, r)} AS ${r}` : r;
    });
    read = select(texts, `(${read}) cleaned${level}`);
  }
  return `(${read}) cleaned`;
}
