import type { Column } from '../feed/spec.ts';
import { parseValue } from '../feed/value.ts';
import type { RejectCode } from '../records/reject.ts';
import { MAX_KEY_BYTES } from '../sql/diff-plan.ts';

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
  /** Every row of the new snapshot. */
  readonly snapshot: Row[];
}

/** The diff said in the plainest way: what every engine must agree with. Holds everything in memory. */
export function oracleDiff(
  columns: readonly Column[],
  base: readonly Row[],
  records: readonly DeliveredRecord[],
): OracleDiff {
  const keyOf = (row: Row) => JSON.stringify(row.filter((_value, index) => columns[index]!.key));
  const sameRow = (a: Row, b: Row) => columns.every((column, index) => !column.compare || a[index] === b[index]);
  const read = records.map((record) => readRecord(columns, record));
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
    snapshot: [...accepted.values(), ...carried, ...(isSuspended ? rest : [])],
  };
}

interface ReadRow {
  code: RejectCode | undefined;
  row?: Row;
  /** The row's key in place, other values null; absent when it cannot be told. */
  key?: Row;
}

function readRecord(columns: readonly Column[], record: DeliveredRecord): ReadRow {
  if (record.fields === null) return { code: record.broken };
  const values = columns.map((column, index) => readField(column, record.fields![index] ?? null));
  const isReadable = values.every(({ code }, index) => !columns[index]!.key || code === undefined);
  const row = values.map(({ text }) => text ?? null);
  const key = isReadable ? { key: row.map((value, index) => (columns[index]!.key ? value : null)) } : {};
  const keyBytes = row.reduce((sum, text, index) => sum + (columns[index]!.key ? Buffer.byteLength(text ?? '') : 0), 0);
  const tooLong = isReadable && keyBytes > MAX_KEY_BYTES ? 'KEY_TOO_LONG' : undefined;
  const code = record.broken ?? tooLong ?? values.find((value) => value.code !== undefined)?.code;
  return code === undefined ? { code, row, ...key } : { code, ...key };
}

function readField(column: Column, raw: string | null): { text: string | null; code?: RejectCode } {
  const isMissing = raw === null || (column.key && column.type === 'text' && raw === '');
  if (isMissing && column.key) return { text: null, code: 'KEY_MISSING' };
  if (raw === null) return column.required ? { text: null, code: 'REQUIRED' } : { text: null };
  const { text, code } = parseValue(column, raw);
  return code === undefined ? { text } : { text: null, code };
}
