import { quoteIdentifier } from '../feed/identifier.ts';
import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { Column } from '../feed/spec.ts';
import { fieldSql } from './column-sql.ts';
import type { Dialect } from './dialect.ts';

/** Typed base rows: records under their own reading spec, as the columns of today's. */
export function baseRowsSql(
  sql: Dialect,
  columns: readonly Column[],
  reading: ReadingSpec,
  records: string,
  carried: string | null,
): string {
  const typed = columns.map((column, index) => {
    const then = reading.columns.findIndex((candidate) => candidate.name === column.name);
    if (then < 0) return `CAST(NULL AS ${sql.type(column.type)}) AS c${index}`;
    const was = reading.columns[then]!;
    const value = `CASE WHEN r${then} IS NOT NULL THEN ${fieldSql(sql, was, `r${then}`).typed} END`;
    return `${was.type === column.type ? value : sql.tryCast(value, column.type)} AS c${index}`;
  });
  const kept = columns.map((column, index) => {
    const known = reading.columns.some((candidate) => candidate.name === column.name);
    return `${known ? `CAST(${quoteIdentifier(column.name)} AS ${sql.type(column.type)})` : `CAST(NULL AS ${sql.type(column.type)})`} AS c${index}`;
  });
  const rows = `SELECT ${typed.join(', ')} FROM ${records}`;
  return carried === null ? rows : `${rows} UNION ALL SELECT ${kept.join(', ')} FROM ${carried}`;
}
