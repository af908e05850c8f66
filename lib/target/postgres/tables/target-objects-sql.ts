import { calledCode, foreignAmong } from './foreign-code-sql.ts';

/** A relation's name as the feed file has it: without the target schema. */
const label = (oid: string) =>
  `(SELECT CASE WHEN n.nspname = $1 THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ${oid})`;

/** Triggers and rules may be enabled for replicas only, or be disabled. */
const fires = (enabled: string) =>
  `${enabled}::text IN ('A', CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END)`;

/** Bits of pg_trigger.tgtype: INSERT, DELETE and UPDATE; we never TRUNCATE. */
const WRITES = 4 | 8 | 16;

const action = (event: 'delete' | 'update', code: string) =>
  `CASE ${code} WHEN 'c' THEN 'on ${event} cascade' WHEN 'n' THEN 'on ${event} set null' WHEN 'd' THEN 'on ${event} set default' END`;

/** An object that a partition inherited from its partitioned table. */
const isInherited = (catalogue: string, parent: string, relations: string) =>
  `EXISTS (SELECT FROM ${catalogue} p JOIN tree t ON t.oid IN (${relations}) WHERE p.oid = ${parent})`;

/** Objects that call code and are listed by their own names above: triggers, rules, policies. */
const namedThemselves = `'pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass`;

/**
 * $1 is the schema, $2 the feed's tables with their relations. An ordinary foreign key only refuses. One that acts on a change
 * of the key never acts here, because nightfeed changes no key. Row-level security counts if it applies to our role, and code counts if its
 * owner would get our rights by it.
 */
export const targetObjectsSql = `
WITH RECURSIVE named AS (
  SELECT r."table" AS of_table, c.oid, r.columns
  FROM jsonb_to_recordset($2::jsonb) AS r ("table" text, relation text, columns jsonb)
  JOIN pg_namespace n ON n.nspname = $1
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = r.relation
), tree AS (
  SELECT of_table, oid FROM named
  UNION SELECT t.of_table, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
), actions AS (
  SELECT k.oid, k.conrelid, k.confrelid, k.conname, concat_ws(', ', ${action('delete', 'k.confdeltype')},
    CASE WHEN NOT EXISTS (
      SELECT FROM tree t JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
      WHERE t.oid = k.confrelid AND k.confkey <@ i.indkey::int2[]
    ) THEN ${action('update', 'k.confupdtype')} END) AS actions
  FROM pg_constraint k
  WHERE k.contype = 'f' AND EXISTS (SELECT FROM tree t WHERE t.oid IN (k.conrelid, k.confrelid))
    AND NOT ${isInherited('pg_constraint', 'k.conparentid', 'p.conrelid, p.confrelid')}
), found AS (
  SELECT t.of_table, 'trigger ' || ${label('g.tgrelid')} || '.' || quote_ident(g.tgname) AS name
  FROM tree t JOIN pg_trigger g ON g.tgrelid = t.oid
  WHERE NOT g.tgisinternal AND g.tgtype & ${WRITES} <> 0 AND ${fires('g.tgenabled')} AND NOT ${isInherited('pg_trigger', 'g.tgparentid', 'p.tgrelid')}
  UNION ALL
  SELECT t.of_table, 'rule ' || ${label('r.ev_class')} || '.' || quote_ident(r.rulename)
  FROM tree t JOIN pg_rewrite r ON r.ev_class = t.oid WHERE ${fires('r.ev_enabled')}
  UNION ALL
  SELECT t.of_table, 'foreign key ' || ${label('a.conrelid')} || '.' || quote_ident(a.conname) || ' (' || a.actions || ')'
  FROM actions a JOIN tree t ON t.oid = CASE WHEN EXISTS (SELECT FROM tree WHERE oid = a.conrelid) THEN a.conrelid ELSE a.confrelid END
  WHERE a.actions <> ''
  UNION ALL
  SELECT t.of_table, 'row-level security ' || ${label('t.oid')} FROM tree t WHERE row_security_active(t.oid)
  UNION ALL
  SELECT t.of_table, 'inheritance child ' || ${label('i.inhrelid')}
  FROM tree t JOIN pg_class c ON c.oid = t.oid AND c.relkind <> 'p' JOIN pg_inherits i ON i.inhparent = t.oid
  UNION ALL
  SELECT t.of_table, 'inheritance parent ' || ${label('i.inhparent')}
  FROM tree t JOIN pg_inherits i ON i.inhrelid = t.oid WHERE NOT EXISTS (SELECT FROM tree WHERE oid = i.inhparent)
  UNION ALL
  SELECT d.of_table, CASE WHEN a.attgenerated <> '' THEN 'generated' ELSE 'identity' END || ' column ' || ${label('d.oid')} || '.' || quote_ident(a.attname)
  FROM named d JOIN pg_attribute a ON a.attrelid = d.oid AND d.columns ? a.attname AND NOT a.attisdropped
  WHERE a.attgenerated <> '' OR a.attidentity = 'a'
  UNION ALL
  SELECT t.of_table, code.what || ' on ' || ${label('t.oid')}
  FROM (${foreignAmong(calledCode('tree'))}) AS code JOIN tree t ON t.oid = code.relation
  WHERE code.by NOT IN (${namedThemselves})
)
SELECT DISTINCT of_table AS "table", name COLLATE "C" AS name FROM found ORDER BY 2, 1`;
