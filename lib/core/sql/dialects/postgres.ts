import { quoteIdentifier } from '../../feed/identifier.ts';
import type { Column } from '../../feed/spec.ts';
import { type ArrayType, type ColumnType, elementOf, type TypeName, typeName } from '../../feed/values/column-type.ts';
import { type DatabaseType, databaseTypeOf } from '../../feed/values/database-type.ts';
import type { ComparedColumn } from '../../run/applied-table.ts';
import { isFree, joined } from './row-text.ts';

/** A column type as PostgreSQL's own `format_type` prints it, or the quoted name of a type that is not PostgreSQL's own, so that a declared and a found type compare as text. */
export function postgresType(type: ColumnType): string {
  if (typeName(type) === 'array') return `${postgresType(elementOf(type as ArrayType))}[]`;
  const own = databaseTypeOf(type);
  if (own) return `${quoteIdentifier(own.schema)}.${quoteIdentifier(own.name)}`;
  return type.replace(/^[a-z]+/, postgresTypes[typeName(type) as PostgresOwn]);
}

type PostgresOwn = Exclude<TypeName, DatabaseType['kind'] | 'array'>;

const postgresTypes: Record<PostgresOwn, string> = {
  text: 'text',
  varchar: 'character varying',
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  decimal: 'numeric',
  real: 'real',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  interval: 'interval',
  uuid: 'uuid',
  bytea: 'bytea',
  json: 'json',
  jsonb: 'jsonb',
};

/** `"a", t."b"` for a column list; with an alias each name is qualified. */
export function columnList(columns: readonly Pick<Column, 'name'>[], alias?: string): string {
  return columns.map(({ name }) => columnOf(name, alias)).join(', ');
}

export function columnOf(name: string, alias?: string): string {
  return alias === undefined ? quoteIdentifier(name) : `${alias}.${quoteIdentifier(name)}`;
}

/** md5 over a row's text (row-text.ts), as 128 bits. */
export function rowHash(columns: readonly ComparedColumn[], alias: string): string {
  const fields = columns.map(({ name, type }) => ({ type, text: canonicalText(type, columnOf(name, alias)) }));
  const texts = fields.map(({ text }) => `coalesce(${text}, '')`);
  const lengths = fields.filter(({ type }) => isFree(type)).map(({ text }) => `coalesce(octet_length(${text}), -1)`);
  return `('x' || md5(${joined([...texts, ...lengths])}))::bit(128)`;
}

/**
 * An aggregate over an expression that holds row hashes: json of `rows`, and the sums `hi` and `lo`, each as decimal text.
 * The halves are read as signed numbers and the sums are exact, so that the reader takes them modulo 2^64.
 */
export function fingerprintSums(hash: string): string {
  const sum = (bits: string) => `coalesce(sum(${bits}::bit(64)::bigint), 0)::text`;
  return `json_build_object('rows', count(*)::text, 'hi', ${sum(hash)}, 'lo', ${sum(`(${hash} << 64)`)})`;
}

/** Canonical text as in `core/feed/values/value.ts`, in a session whose DateStyle is ISO and whose IntervalStyle is postgres. */
export function canonicalText(type: ColumnType, value: string): string {
  return (canonical[typeName(type)] ?? ((other: string) => `${other}::text`))(value);
}

const canonical: Partial<Record<TypeName, (value: string) => string>> = {
  text: (value) => value,
  varchar: (value) => value,
  // Adding zero turns -0 into 0.
  real: (value) => `('x' || encode(float4send(${value} + 0::real), 'hex'))::bit(32)::text`,
  double: (value) => `('x' || encode(float8send(${value} + 0), 'hex'))::bit(64)::text`,
  timestamptz: (value) => `(${value} AT TIME ZONE 'UTC')::text`,
  // The same under every bytea_output.
  bytea: (value) => `('\\x' || encode(${value}, 'hex'))`,
};
