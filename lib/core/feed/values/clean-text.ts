import { trimmed } from '../../expression/evaluate.ts';
import type { ReadingColumn } from '../reading-spec.ts';
import { type GivenSpelling, isSpelledPlainly } from './spelling/spelling.ts';

type Cleaning = Pick<ReadingColumn, 'trim' | 'replace' | 'nulls'>;

/** Cleans a field's text before its type reads it. `core/sql/plans/shape-sql.ts` says the same as SQL. */
export function cleaned({ trim, replace = [], nulls = [] }: Cleaning, raw: string | null): string | null {
  if (raw === null) return null;
  const start = trim ? trimmed(raw) : raw;
  const text = replace.reduce((before, { from, to }) => before.replaceAll(from, () => to), start);
  return nulls.includes(text) ? null : text;
}

/** Whether the type reads the fields of this column as they came. */
export function isReadAsIs({ trim, replace, nulls, ...form }: Cleaning & GivenSpelling): boolean {
  return !trim && !replace?.length && !nulls?.length && isSpelledPlainly(form);
}
