import { entryOf } from '../entry-of.ts';
import type { Column } from '../feed/spec.ts';

/** Null values by column name, over the compared columns that may be null: what a snapshot's fingerprint is over. */
export type NullCounts = Readonly<Record<string, number>>;

/** Columns whose nulls are counted. A key is never null; of the others production knows only what is compared. */
export function nullable<C extends Pick<Column, 'key' | 'compare'>>(columns: readonly C[]): C[] {
  return columns.filter((column) => column.compare && !column.key);
}

/** The counts of a snapshot, moved on by a change set: `before` of the rows that it replaces, `after` of those it brings. */
export function moveNulls(base: NullCounts, before: NullCounts, after: NullCounts): NullCounts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [
      name,
      (entryOf(base, name) ?? 0) - (entryOf(before, name) ?? 0) + count,
    ]),
  );
}
