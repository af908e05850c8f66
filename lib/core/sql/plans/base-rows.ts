import { COPY, ROW_HASH } from '../../feed/identifier.ts';
import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { isKeyless } from '../../feed/row-identity.ts';
import type { Column } from '../../feed/spec.ts';
import type { SnapshotManifest } from '../../run/snapshot-manifest.ts';
import { fieldSql } from '../dialects/column-sql.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { copySql, hashSql, identityPlaces } from './row-identity.ts';
import { cleanedRecords, type PlanColumn, type ShapeSql, shapeSql } from './shape-sql.ts';

/** Typed base rows: records read under their own reading spec, with the columns of today's table. */
export function baseRowsSql(
  sql: SqlDialect,
  columns: readonly Column[],
  reading: ReadingSpec,
  records: string,
  carried: CarriedRows | null,
): string {
  const then = shapeSql(sql, reading);
  const isShaped = then.derived.length + then.filters.length > 0;
  const typedOf = (column: PlanColumn) => (isShaped ? column.c : typedSql(sql, column));
  if (isKeyless(reading)) return withCarried(keylessRows(sql, columns, reading, then, records));
  const typed = columns.map(({ name, type }, index) => {
    const was = then.columns.find((candidate) => candidate.name === name);
    if (!was) return `CAST(NULL AS ${sql.type(type)}) AS c${index}`;
    return `${was.type === type ? typedOf(was) : sql.fitted(typedOf(was), type)} AS c${index}`;
  });
  const kinds = isShaped ? ` WHERE NOT (${leftOut(then)})` : '';
  const rows = `SELECT ${typed.join(', ')} FROM ${isShaped ? shaped(sql, then, records) : cleanedRecords(sql, then.delivered, records)}${kinds}`;
  return withCarried(rows);

  function withCarried(rows: string): string {
    return carried === null ? rows : `${rows} UNION ALL ${carriedRowsSql(sql, columns, carried)}`;
  }
}

/** The same where contents tell rows apart. Carried rows have other numbers than equal records. */
function keylessRows(
  sql: SqlDialect,
  columns: readonly Column[],
  reading: ReadingSpec,
  then: ShapeSql,
  records: string,
): string {
  const { hash, copy } = identityPlaces(reading);
  const isShaped = then.derived.length + then.filters.length > 0;
  const contents = isShaped
    ? `SELECT ${then.columns.map(({ c }) => c).join(', ')} FROM ${shaped(sql, then, records)} WHERE NOT (${leftOut(then)})`
    : `SELECT ${then.columns.map((column) => `${typedSql(sql, column)} AS ${column.c}`).join(', ')} FROM ${cleanedRecords(sql, then.delivered, records)}`;
  const hashed = `SELECT *, ${hashSql(sql, reading)} AS ${hash} FROM (${contents}) contents`;
  const numbered = `SELECT *, ${copySql(sql, hash, hash)} AS ${copy} FROM (${hashed}) hashed`;
  const own: Readonly<Record<string, string>> = { [ROW_HASH]: hash, [COPY]: copy };
  const typed = columns.map(({ name, type }, index) => {
    const was = then.columns.find((candidate) => candidate.name === name);
    const value = own[name] ?? (was && (was.type === type ? was.c : sql.fitted(was.c, type)));
    return `${value ?? `CAST(NULL AS ${sql.type(type)})`} AS c${index}`;
  });
  return `SELECT ${typed.join(', ')} FROM (${numbered}) numbered`;
}

/** Columns of a snapshot's carried rows. */
export function carriedColumns({ reading, carried }: Pick<SnapshotManifest, 'reading' | 'carried'>): readonly string[] {
  return carried?.columns ?? reading.columns.map(({ name }) => name);
}

/** Typed rows by column name. */
interface CarriedRows {
  readonly relation: string;
  /** Columns that it has. */
  readonly names: readonly string[];
}

export function carriedRowsSql(sql: SqlDialect, columns: readonly Column[], { relation, names }: CarriedRows): string {
  const kept = columns.map(({ name, type }, index) => {
    const value = names.includes(name) ? sql.identifier(name) : 'NULL';
    return `CAST(${value} AS ${sql.type(type)}) AS c${index}`;
  });
  return `SELECT ${kept.join(', ')} FROM ${relation}`;
}

/** Number of base records that a filter of their reading spec leaves out; null without a filter. */
export function filteredSql(sql: SqlDialect, reading: ReadingSpec, records: string): string | null {
  const then = shapeSql(sql, reading);
  if (then.filters.length === 0) return null;
  return `SELECT count(*) AS n FROM ${shaped(sql, then, records)} WHERE ${leftOut(then)}`;
}

/** All values of the records. A base has no records with unreadable fields, except those that a filter left out. */
function shaped(sql: SqlDialect, { delivered, derived }: ShapeSql, records: string): string {
  const typed = `SELECT ${delivered.map((column) => `${typedSql(sql, column)} AS ${column.c}`).join(', ')} FROM ${cleanedRecords(sql, delivered, records)}`;
  return `(SELECT ${['*', ...derived.map((column) => `${column.sql} AS ${column.c}`)].join(', ')} FROM (${typed}) typed) shaped`;
}

function leftOut({ filters }: ShapeSql): string {
  return filters.length === 0 ? 'false' : filters.map((filter) => filter.sql).join(' OR ');
}

function typedSql(sql: SqlDialect, column: PlanColumn): string {
  return `CASE WHEN ${column.r} IS NOT NULL THEN ${fieldSql(sql, column, column.r).typed} END`;
}
