import { NightfeedError } from '../../errors.ts';
import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';

/** Typed rows (`c0`…) under the names of their columns, as Parquet keeps them. */
export function storedRowsSql(sql: SqlDialect, columns: readonly Column[], rows: string): string {
  return `SELECT ${storedColumnsSql(sql, columns, '')} FROM ${rows}`;
}

/** The same list for typed columns with a prefix. */
export function storedColumnsSql(sql: SqlDialect, columns: readonly Column[], prefix: string): string {
  return columns
    .map(({ name, type }, index) => `${sql.stored(`${prefix}c${index}`, type)} AS ${sql.identifier(name)}`)
    .join(', ');
}

/** Column with the number of the partition. No column of a feed can have this name, because it is reserved. */
export const PARTITION = '_loaded_at';

/** Limit, because a query opens each file to see whether it needs its rows. */
export const MAX_PARTITIONS = 1000;

export function tooManyPartitions(table: string, found: number, by: readonly string[]): NightfeedError {
  const [partitions, allowed] = [found, MAX_PARTITIONS].map((count) => count.toLocaleString('en'));
  return new NightfeedError(
    'TOO_MANY_PARTITIONS',
    `${table}: ${partitions} partitions by ${by.join(', ')}; at most ${allowed} are allowed`,
  );
}

/** Numbers the distinct combinations of values in some columns. */
export function partitionsSql(sql: SqlDialect, by: readonly string[], rows: string): string {
  const columns = by.map(sql.identifier).join(', ');
  return `SELECT *, row_number() OVER (ORDER BY ${columns}) AS ${PARTITION} FROM (SELECT DISTINCT ${columns} FROM ${rows}) found`;
}

/** Whether row `r` is in partition `p`. null is a value like any other here. */
export function inPartition(sql: SqlDialect, by: readonly string[]): string {
  return by
    .map(sql.identifier)
    .map((name) => `r.${name} IS NOT DISTINCT FROM p.${name}`)
    .join(' AND ');
}
