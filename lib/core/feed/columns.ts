import { COPY, ROW_HASH } from './identifier.ts';
import { copyColumn, hashColumn } from './spec/column.ts';
import type { Column, Table } from './spec/table.ts';

/** The columns of the table, in declared order. Those that stand for a key come last. */
export function columnsOf(table: Pick<Table, 'columns' | 'key'>): Column[] {
  const stored = declaredColumnsOf(table).filter((column) => column.store !== false);
  if (table.key === undefined) return stored;
  return [...stored, ...identityColumns];
}

/** The key of rows that have none: their hash, and their number among equal rows. */
export const identityColumns: readonly Column[] = [
  { name: ROW_HASH, ...hashColumn },
  { name: COPY, ...copyColumn },
];

/** The columns that the feed file declares, those that are read but not stored among them. */
export function declaredColumnsOf(table: Pick<Table, 'columns'>): Column[] {
  return Object.entries(table.columns).map(([name, options]) => ({ name, ...options }));
}
