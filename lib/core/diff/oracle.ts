import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { Column } from '../feed/spec.ts';
import type { RejectCode } from '../records/reject.ts';
import { RecordReader } from './read-record.ts';

/** Canonical values in declared column order. */
export type Row = readonly (string | null)[];

/** A delivered record: fields as text (null for an unquoted null value), or what the scan found wrong with it. */
export type DeliveredRecord =
  | { readonly fields: Row; readonly broken?: never }
  /** Key fields by column index, when they can be told. */
  | { readonly broken: RejectCode; readonly fields: Row | null };

export interface OracleDiff {
  readonly inserted: Row[];
  readonly updated: { readonly before: Row; readonly after: Row }[];
  readonly gone: Row[];
  readonly carried: Row[];
  readonly suspended: Row[];
  /** Codes in stream order. */
  readonly rejected: RejectCode[];
  /** Records that a filter leaves out. */
  readonly filtered: number;
  /** Every row of the new snapshot. */
  readonly snapshot: Row[];
}

/**
 * The diff said in the plainest way: what every engine must agree with. Holds everything in memory. `columns` are the
 * table's, the first ones of the reading spec.
 */
export function oracleDiff(
  columns: readonly Column[],
  reading: ReadingSpec,
  base: readonly Row[],
  records: readonly DeliveredRecord[],
): OracleDiff {
  const keyOf = (row: Row) => JSON.stringify(row.filter((_value, index) => columns[index]?.key));
  const sameRow = (a: Row, b: Row) => columns.every((column, index) => !column.compare || a[index] === b[index]);
  const reader = new RecordReader(reading);
  const all = records.map((record) => reader.read(record));
  // The copy, because duplicates get their code below.
  const read = all
    .filter(({ isFiltered }) => !isFiltered)
    .map(({ row, ...found }) => ({ ...found, ...(row ? { row: row.slice(0, columns.length) } : {}) }));
  const byKey = Map.groupBy(
    read.filter((row) => row.code === undefined),
    ({ row }) => keyOf(row!),
  );
  for (const copies of byKey.values()) {
    const differ = copies.some(({ row }) => JSON.stringify(row) !== JSON.stringify(copies[0]!.row));
    for (const copy of differ ? copies : copies.slice(1)) copy.code = differ ? 'DUP_KEY' : 'DUP_ROW';
  }
  const accepted = new Map(read.flatMap(({ code, row }) => (code === undefined ? [[keyOf(row!), row!] as const] : [])));
  const production = new Map(base.map((row) => [keyOf(row), row]));
  const rejected = read.filter((row) => row.code !== undefined);
  const rejectedKeys = new Set(rejected.flatMap(({ key }) => (key ? [keyOf(key)] : [])));
  const isSuspended = rejected.some(({ key }) => key === undefined);

  const missing = base.filter((row) => !accepted.has(keyOf(row)));
  const carried = missing.filter((row) => rejectedKeys.has(keyOf(row)));
  const rest = missing.filter((row) => !rejectedKeys.has(keyOf(row)));
  const pairs = [...accepted].flatMap(([key, after]) =>
    production.has(key) ? [{ before: production.get(key)!, after }] : [],
  );
  return {
    inserted: [...accepted].flatMap(([key, row]) => (production.has(key) ? [] : [row])),
    updated: pairs.filter(({ before, after }) => !sameRow(before, after)),
    gone: isSuspended ? [] : rest,
    carried,
    suspended: isSuspended ? rest : [],
    rejected: rejected.map(({ code }) => code!),
    filtered: all.length - read.length,
    snapshot: [...accepted.values(), ...carried, ...(isSuspended ? rest : [])],
  };
}
