import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';

/** Typed rows (`c0`…) under the names of their columns, as Parquet keeps them. */
export function storedRowsSql(sql: SqlDialect, columns: readonly Column[], rows: string): string {
  return `SELECT ${storedColumnsSql(sql, columns, '')} FROM ${rows}`;
}

/** The same list where the typed columns have a prefix. */
export function storedColumnsSql(sql: SqlDialect, columns: readonly Column[], prefix: string): string {
  return columns
    .map(({ name, type }, index) => `${sql.stored(`${prefix}c${index}`, type)} AS ${sql.identifier(name)}`)
    .join(', ');
}

/** Tells partitions apart. A name that no column of a feed has: it is reserved. */
export const PARTITION = '_loaded_at';

/** A query opens each file to see whether it wants its rows. */
export const MAX_PARTITIONS = 1000;

/** The different combinations of values in some columns, each with a number. */
export function partitionsSql(sql: SqlDialect, by: readonly string[], rows: string): string {
  const columns = by.map(sql.identifier).join(', ');
  return `SELECT *, row_number() OVER (ORDER BY ${columns}) AS ${PARTITION} FROM (SELECT DISTINCT ${columns} FROM ${rows}) found`;
}

/** Condition under which a row `r` is of a partition `p`: null is a value like others. */
export function inPartition(sql: SqlDialect, by: readonly string[]): string {
  return by
    .map(sql.identifier)
    .map((name) => `r.${name} IS NOT DISTINCT FROM p.${name}`)
    .join(' AND ');
}
