import { metaColumns } from '../../../core/feed/identifier.ts';
import type { Connection } from '../connection/session.ts';
import type { Target } from './target.ts';

/** A relation as PostgreSQL's catalog knows it; `kind` is pg_class.relkind. */
export interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly columns: readonly RelationColumn[];
  /** Name and columns of the primary key. */
  readonly key: { readonly name: string; readonly columns: readonly string[] } | null;
}

interface RelationColumn {
  readonly name: string;
  readonly type: string;
  /** In quotes, where different texts may be equal by it. */
  readonly collation?: string;
}

/** A relation that nightfeed made. */
export interface Registration {
  readonly name: string;
  readonly feed: string;
  readonly keys: readonly string[];
  readonly history: boolean;
}

export async function relationsOf(
  db: Connection,
  schema: string,
  names: readonly string[],
): Promise<Map<string, Relation>> {
  const rows = await db.query<Relation>(relationsSql, [schema, names]);
  return new Map(rows.map((row) => [row.name, row]));
}

export async function registrationsOf(db: Connection, schema: string): Promise<Map<string, Registration>> {
  const rows = await db.query<Registration>(
    'SELECT table_name AS name, feed, key_columns AS keys, history FROM nightfeed.target_table WHERE schema_name = $1',
    [schema],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** Columns of a table and its history without nightfeed's own, in the table's order. */
export function versionedColumns(db: Connection, { table, history }: Target): Promise<{ name: string }[]> {
  return db.query(versionedSql, [table, history, metaColumns]);
}

const versionedSql = `
SELECT t.attname AS name FROM pg_attribute t JOIN pg_attribute h USING (attname)
WHERE t.attrelid = $1::text::regclass AND t.attnum > 0 AND NOT t.attisdropped
  AND h.attrelid = $2::text::regclass AND h.attnum > 0 AND NOT h.attisdropped
  AND t.attname NOT IN (SELECT jsonb_array_elements_text($3::jsonb)) ORDER BY t.attnum`;

/** Always in quotes: `format_type` quotes what is a word of SQL, which another version of PostgreSQL may see otherwise. */
const quoted = (schema: string, name: string) =>
  `concat('"', replace(${schema}, '"', '""'), '"."', replace(${name}, '"', '""'), '"')`;
const quotedType = quoted('s.nspname', 't.typname');
const collation = `(SELECT ${quoted('l.nspname', 'n.collname')} FROM pg_collation n JOIN pg_namespace l ON l.oid = n.collnamespace
    WHERE n.oid = a.attcollation AND NOT n.collisdeterministic)`;
const isOwn = `t.typtype = 'e' OR t.typname = 'citext'`;

const relationsSql = `
SELECT c.relname AS name, c.relkind AS kind,
  (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', a.attname, 'type', CASE WHEN ${isOwn} THEN ${quotedType} ELSE format_type(a.atttypid, a.atttypmod) END, 'collation', ${collation})) ORDER BY a.attnum), '[]')
   FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace s ON s.oid = t.typnamespace
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT jsonb_build_object('name', k.conname, 'columns', jsonb_agg(a.attname ORDER BY p.position))
   FROM pg_constraint k
   CROSS JOIN unnest(k.conkey) WITH ORDINALITY AS p (attnum, position)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.attnum
   WHERE k.conrelid = c.oid AND k.contype = 'p' GROUP BY k.conname) AS key
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname IN (SELECT jsonb_array_elements_text($2::jsonb))`;
