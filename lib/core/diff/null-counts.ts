import { z } from 'zod';
import { entryOf } from '../entry-of.ts';
import type { Column } from '../feed/spec.ts';
import { type Stored, storedByName } from '../objects/stored.ts';

/** Where an older version left no counts of the base, these are only what the nights since changed, which may be less than nothing. */
export const nullCountsSchema = storedByName(z.int());

/** Number of nulls by column name, for the compared columns that may be null, over the rows of a snapshot's fingerprint. */
export type NullCounts = Stored<typeof nullCountsSchema>;

/** Columns whose nulls are counted. A key is never null, and production knows only the compared columns. */
export function nullable<C extends Pick<Column, 'key' | 'compare'>>(columns: readonly C[]): C[] {
  return columns.filter((column) => column.compare && !column.key);
}

/** Applies a change set to the counts of a snapshot: less `before`, of the rows that it replaces, plus `after`, of those that it brings. */
export function moveNulls(base: NullCounts, before: NullCounts, after: NullCounts): NullCounts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [
      name,
      (entryOf(base, name) ?? 0) - (entryOf(before, name) ?? 0) + count,
    ]),
  );
}
