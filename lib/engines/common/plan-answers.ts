import type { Fingerprint } from '../../core/diff/fingerprint.ts';
import { type NullCounts, nullable } from '../../core/diff/null-counts.ts';
import type { RepeatCounts } from '../../core/diff/repeats.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import type { Column } from '../../core/feed/spec.ts';
import { KEY_CHARACTERS } from '../../core/sql/plans/repeats-sql.ts';

/** A row of an engine's answer to a query of the plan. Numbers may come as text. */
type Answer = Readonly<Record<string, unknown>>;

const counted = [
  'accepted',
  'filtered',
  'collapsed',
  'inserted',
  'updated',
  'reverted',
  'gone',
  'carried',
  'suspended',
] as const;
export type Counts = Readonly<Record<(typeof counted)[number], number>>;

/** The answer to the query `numbers`. */
export function countsIn(numbers: Answer): Counts {
  return Object.fromEntries(counted.map((name) => [name, Number(numbers[name])])) as Counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(counted.map((name) => [name, a[name] + b[name]])) as Counts;
}

/** The answer to a fingerprint query. */
export function fingerprintIn({ rows, hi, lo }: Answer): Fingerprint {
  return { rows: Number(rows), hi: String(hi), lo: String(lo) };
}

/** The answer to a query of null counts. */
export function nullCountsIn(columns: readonly Column[], counts: Answer): NullCounts {
  return Object.fromEntries(
    nullable(columns).map((column) => [column.name, Number(counts[`c${columns.indexOf(column)}`])]),
  );
}

/** The answers to the three queries on rows and keys that occur several times. */
export function repeatCountsIn({
  counts,
  files,
  keys,
}: {
  readonly counts: Answer;
  readonly files: readonly Answer[];
  readonly keys: readonly Answer[];
}): RepeatCounts {
  const number = (name: string, of: Answer) => Number(of[name]);
  return {
    different: number('different', counts),
    equal: number('equal', counts),
    within: number('repeated', counts),
    files: files.map((of) => ({
      file: number('file', of),
      different: number('different', of),
      equal: number('equal', of),
    })),
    keys: keys.map((key) => Object.values(key).map(shortKey).join(', ')),
  };
}

function shortKey(value: unknown): string {
  const text = String(value);
  return text.length > KEY_CHARACTERS ? `${text.slice(0, KEY_CHARACTERS)}…` : text;
}

/** How many rows break which rule, from the plan's counts. */
export function ruleViolations(
  { rules = [] }: ReadingSpec,
  counts: Readonly<Record<string, unknown>>,
): Record<string, number> {
  return Object.fromEntries(
    rules.flatMap(({ name }, index) => {
      const count = Number(counts[`b${index}`] ?? 0);
      return count > 0 ? [[name, count]] : [];
    }),
  );
}
