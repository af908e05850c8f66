import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import type { Column } from '../../../core/feed/spec.ts';
import { columnList, postgresType } from '../../../core/sql/dialects/postgres.ts';
import type { Target } from './target.ts';

/**
 * The table without its primary key, which the first load adds after the rows. A tenth of each page stays free, so that a changed row
 * stays on its page and no other page or index entry is written.
 */
export function createTable({ table, columns }: Target): string {
  return `CREATE TABLE ${table} (
  ${columns.map(definition).join(',\n  ')},
  _first_seen date NOT NULL,
  _last_changed date NOT NULL,
  _gone_since date,
  _loaded_at timestamp with time zone NOT NULL DEFAULT now()
) WITH (fillfactor = 90)`;
}

/** Closed versions [_valid_from, _valid_to) in business dates. */
export function createHistory({ history, columns, keys }: Target): string {
  return `CREATE TABLE ${history} (
  ${columns.map(definition).join(',\n  ')},
  _valid_from date NOT NULL,
  _valid_to date NOT NULL CHECK (_valid_from < _valid_to),
  PRIMARY KEY (${columnList(keys)}, _valid_from)
)`;
}

export const versionsName = (table: string) => `${table}_versions`;
export const historyName = (table: string) => `${table}_history`;

/** Closed and open versions. New columns come last, which is all that REPLACE allows. */
export function createVersions(
  target: Target,
  columns: readonly TypedColumn[],
  isInTable: (name: string) => boolean,
): string {
  const open = columns.map(({ name, type }) => (isInTable(name) ? quoteIdentifier(name) : `NULL::${type}`));
  return `CREATE OR REPLACE VIEW ${versionsOf(target)} AS
SELECT _valid_from, _valid_to, ${columnList(columns)} FROM ${target.history}
UNION ALL
SELECT _last_changed, NULL::date, ${open.join(', ')} FROM ${target.table} WHERE _gone_since IS NULL`;
}

export function dropVersions(target: Target): string {
  return `DROP VIEW ${versionsOf(target)};`;
}

function versionsOf({ schema, name }: Target): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(versionsName(name))}`;
}

/** `type` is PostgreSQL's. */
interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

export function addColumn(relation: string, { name, type }: TypedColumn): string {
  return `ALTER TABLE ${relation} ADD COLUMN ${quoteIdentifier(name)} ${type}`;
}

/** A time means UTC, whatever time zone the session has that runs the statement. */
export function changeType(relation: string, { name, type }: TypedColumn, from: string): string {
  const column = quoteIdentifier(name);
  return `ALTER TABLE ${relation} ALTER COLUMN ${column} TYPE ${type} USING ${inUtc(column, from, type)};`;
}

/** A comment for a person who shall change such a column: nightfeed compares texts by their bytes. */
export function tellCollation({ name, collation }: { readonly name: string; readonly collation?: string }): string[] {
  if (collation === undefined) return [];
  return [
    `-- ${quoteIdentifier(name)} has the collation ${collation}, by which different texts may be equal; a feed's texts are not.`,
  ];
}

const ZONED = postgresType('timestamptz');
const PLAIN = postgresType('timestamp');
const DATE = postgresType('date');
const VARCHAR = 'character varying';

function inUtc(value: string, from: string, to: string): string {
  if (from === ZONED && to === PLAIN) return `${value} AT TIME ZONE 'UTC'`;
  if (from === ZONED && to === DATE) return `(${value} AT TIME ZONE 'UTC')::${to}`;
  if (to === ZONED && (from === PLAIN || from === DATE)) return `${value}::${PLAIN} AT TIME ZONE 'UTC'`;
  // A cast that is spelled out would cut a text that is too long; the change itself fails.
  if (to.startsWith(VARCHAR)) return `${value}::text`;
  const isBetweenOwn = from.startsWith('"') && to.startsWith('"');
  return `${value}${isBetweenOwn ? '::text' : ''}::${to}`;
}

/** `constraint` is the name of the existing primary key, if there is one. */
export function changeKey(relation: string, constraint: string | null, columns: string): string {
  const drop = constraint === null ? '' : `DROP CONSTRAINT ${quoteIdentifier(constraint)}, `;
  return `ALTER TABLE ${relation} ${drop}ADD PRIMARY KEY (${columns});`;
}

export function registerKey(target: Target): string {
  const keys = JSON.stringify(target.keys.map(({ name }) => name));
  return (
    `UPDATE nightfeed.target_table SET key_columns = ${quoteLiteral(keys)} ` +
    `WHERE schema_name = ${quoteLiteral(target.schema)} AND table_name = ${quoteLiteral(target.name)};`
  );
}

function definition({ name, type, key }: Column): string {
  return `${quoteIdentifier(name)} ${postgresType(type)}${key ? ' NOT NULL' : ''}`;
}
