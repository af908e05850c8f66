import type { Column, Table } from './spec/table.ts';

/** The columns of the table, in declared order. */
export function columnsOf(table: Pick<Table, 'columns'>): Column[] {
  return declaredColumnsOf(table).filter((column) => column.store !== false);
}

/** The columns of the table, and those that are read but not stored. */
export function declaredColumnsOf(table: Pick<Table, 'columns'>): Column[] {
  return Object.entries(table.columns).map(([name, options]) => ({ name, ...options }));
}
