import { type ColumnType, decimalOf } from '../feed/column-type.ts';
import { quoteIdentifier } from '../feed/identifier.ts';
import type { Column } from '../feed/spec.ts';
import { canonicalBytes } from './row-text.ts';

/** A column type as PostgreSQL's own `format_type` prints it, so that a declared and a found type compare as text. */
export function postgresType(type: ColumnType): string {
  const decimal = decimalOf(type);
  return decimal ? `numeric(${decimal.precision},${decimal.scale})` : postgresTypes[type as keyof typeof postgresTypes];
}

const postgresTypes = {
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  uuid: 'uuid',
  // Not jsonb: the fingerprint is over the bytes that the vendor sent.
  json: 'json',
};

/** `"a", t."b"` for a column list; with an alias each name is qualified. */
export function columnList(columns: readonly Pick<Column, 'name'>[], alias?: string): string {
  return columns.map(({ name }) => columnOf(name, alias)).join(', ');
}

export function columnOf(name: string, alias?: string): string {
  return alias === undefined ? quoteIdentifier(name) : `${alias}.${quoteIdentifier(name)}`;
}

export type FingerprintColumn = Pick<Column, 'name' | 'type'>;

/** md5 in hex over a row's text as `core/sql/row-text.ts` writes it: each field as `bytes:text`, null as `-`. */
export function rowHash(columns: readonly FingerprintColumn[], alias: string): string {
  return `md5(${concatenated(columns.map(({ name, type }) => fieldText(type, columnOf(name, alias))))})`;
}

/**
 * An aggregate over an expression that holds row hashes: json of `rows`, and the sums `hi` and `lo`, each as decimal text.
 * The halves are read as signed numbers and the sums are exact, so that the reader takes them modulo 2^64.
 */
export function fingerprintSums(hash: string): string {
  const half = (start: number) => `coalesce(sum(('x' || substr(${hash}, ${start}, 16))::bit(64)::bigint), 0)::text`;
  return `json_build_object('rows', count(*)::text, 'hi', ${half(1)}, 'lo', ${half(17)})`;
}

/** Canonical text as in `core/feed/value.ts`, whatever DateStyle and TimeZone the session has. */
export function canonicalText(type: ColumnType, value: string): string {
  return (canonical[type as keyof typeof canonical] ?? ((other: string) => `${other}::text`))(value);
}

const MICROSECONDS = "'YYYY-MM-DD HH24:MI:SS.US'";

const canonical = {
  text: (value: string) => value,
  // Adding zero turns -0 into 0.
  double: (value: string) => `('x' || encode(float8send(${value} + 0), 'hex'))::bit(64)::text`,
  date: (value: string) => `to_char(${value}, 'YYYY-MM-DD')`,
  timestamp: (value: string) => `to_char(${value}, ${MICROSECONDS})`,
  timestamptz: (value: string) => `to_char(${value} AT TIME ZONE 'UTC', ${MICROSECONDS})`,
};

function fieldText(type: ColumnType, value: string): string {
  const text = canonicalText(type, value);
  const length = canonicalBytes(type);
  const prefix = length === undefined ? `octet_length(${text}) || ':'` : `'${length}:'`;
  return `coalesce(${prefix} || ${text}, '-')`;
}

/** A balanced tree: a chain of `||` copies the growing text once a column, which 1,590 columns would feel. */
function concatenated(parts: readonly string[]): string {
  if (parts.length <= 4) return parts.join(' || ');
  const middle = parts.length >> 1;
  return `(${concatenated(parts.slice(0, middle))}) || (${concatenated(parts.slice(middle))})`;
}
