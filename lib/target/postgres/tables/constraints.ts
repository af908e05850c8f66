import type { Connection } from '../connection/session.ts';
import type { Reference } from '../publish/write-order.ts';
import type { Target } from './target.ts';

/** What the catalog tells about the order in which tables can be written. */
export interface Constraints {
  readonly references: readonly Reference[];
  /** Names of the unique indexes over a table's key, by table. An error names one of them when a key exists already. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads constraints and defers those that can be deferred to the end of the transaction, except keys: a new row whose key exists has to
 * fail at once. Constraints of a table without a key are not deferred either, because it cannot get a key while a check is pending.
 */
export async function deferConstraints(db: Connection, targets: readonly Target[]): Promise<Constraints> {
  const [found] = await db.query<{ references: Reference[]; keys: Record<string, string[]>; waits: Waits[] }>(
    constraintsSql,
    [targets.map(({ name, table }) => ({ name, relation: table }))],
  );
  const { references, keys, waits } = found!;
  const settings = waits.map(({ name, deferred }) => `SET CONSTRAINTS ${name} ${deferred ? 'DEFERRED' : 'IMMEDIATE'}`);
  if (settings.length > 0) await db.script(settings.join('; '));
  return { references, keys };
}

/** A deferrable constraint, by its qualified name. */
interface Waits {
  readonly name: string;
  readonly deferred: boolean;
}

/** A target with its partitions and INHERITS children, because an error may name one of those. */
const constraintsSql = `
WITH RECURSIVE target AS (
  SELECT t.name, t.relation::regclass::oid AS oid FROM jsonb_to_recordset($1::jsonb) AS t (name text, relation text)
), tree AS (
  SELECT name, oid FROM target
  UNION SELECT t.name, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
), key AS (
  SELECT t.name, t.oid, i.indexrelid AS index FROM tree t
  JOIN pg_index p ON p.indrelid = t.oid AND p.indisprimary
  JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique
    AND i.indkey::int2[] <@ p.indkey::int2[] AND p.indkey::int2[] <@ i.indkey::int2[]
), waits AS (
  SELECT DISTINCT k.oid, format('%I.%I', n.nspname, k.conname) AS name,
    NOT EXISTS (SELECT FROM key WHERE index = k.conindid AND k.contype IN ('p', 'u'))
    AND NOT EXISTS (SELECT FROM target t WHERE t.oid = k.conrelid AND NOT EXISTS (SELECT FROM key WHERE key.oid = t.oid)) AS deferred
  FROM tree t
  JOIN pg_constraint k ON t.oid IN (k.conrelid, k.confrelid)
  JOIN pg_namespace n ON n.oid = k.connamespace
  WHERE k.condeferrable AND k.contype IN ('f', 'p', 'u', 'x')
)
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('child', child.name, 'parent', parent.name,
     'deferred', coalesce((SELECT deferred FROM waits WHERE waits.oid = k.oid), false), 'acts', k.confdeltype <> 'a')), '[]')
   FROM pg_constraint k JOIN target child ON child.oid = k.conrelid JOIN target parent ON parent.oid = k.confrelid
   WHERE k.contype = 'f') AS references,
  (SELECT coalesce(jsonb_object_agg(name, names), '{}') FROM (
     SELECT name, jsonb_agg(DISTINCT c.relname) AS names FROM key JOIN pg_class c ON c.oid = key.index GROUP BY name) AS of_table) AS keys,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'deferred', deferred) ORDER BY name), '[]') FROM waits) AS waits`;
