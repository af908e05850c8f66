import { trimmed } from '../../expression/evaluate.ts';
import type { ReadingColumn } from '../reading-spec.ts';

type Cleaning = Pick<ReadingColumn, 'trim' | 'replace' | 'nulls'>;

/** A field's text as its type sees it. `core/sql/shape-sql.ts` says the same as SQL. */
export function cleaned({ trim, replace = [], nulls = [] }: Cleaning, raw: string | null): string | null {
  if (raw === null) return null;
  const start = trim ? trimmed(raw) : raw;
  const text = replace.reduce((before, { from, to }) => before.replaceAll(from, () => to), start);
  return nulls.includes(text) ? null : text;
}

/** Whether a field is read as it stands in the file. */
export function isReadAsIs({ trim, replace, nulls }: Cleaning): boolean {
  return !trim && !replace?.length && !nulls?.length;
}
