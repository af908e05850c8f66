import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import type { MissingRight } from '../../../ports/database-health.ts';
import type { Connection } from '../connection/session.ts';
import type { Right } from './needed-rights.ts';

/** Those of these rights that our role has not, on what is there. PostgreSQL answers it without trying anything. */
export async function lacking(db: Connection, rights: readonly Right[]): Promise<Right[]> {
  const found = await db.query<{ at: number }>(lackingSql, [rights.map((right, at) => ({ ...right, at }))]);
  return found.map(({ at }) => rights[at]!);
}

/** The rights with the GRANTs that give them to a role, one for each object. */
export function asGrants(rights: readonly Right[], role: string): MissingRight[] {
  return [...Map.groupBy(rights, placeOf)].map(([place, group]) => {
    const what = [...new Set(group.map(shown))].join(', ');
    const where = place === FUNCTIONS ? `FUNCTION ${group.map(qualified).join(', ')}` : place;
    return { right: `${what} on ${where}`, remedy: `GRANT ${what} ON ${where} TO ${quoteIdentifier(role)};` };
  });
}

function shown({ on, name, right }: Right): string {
  return on === 'column' ? `${right} (${quoteIdentifier(name!)})` : right;
}

const FUNCTIONS = 'functions';

/** As GRANT names it; all functions go into one GRANT. */
function placeOf(right: Right): string {
  if (right.on === 'function') return FUNCTIONS;
  if (right.on === 'database') return `DATABASE ${quoteIdentifier(right.name!)}`;
  return right.on === 'schema' ? `SCHEMA ${quoteIdentifier(right.schema!)}` : qualified(right);
}

function qualified({ schema, name, table }: Right): string {
  return `${quoteIdentifier(schema!)}.${quoteIdentifier(table ?? name!)}`;
}

/**
 * Objects are found by their names in the catalogue and asked about by their numbers, because a name is looked up only by who may use
 * its schema. What is not there is no answer.
 */
const lackingSql = `
SELECT w.at
FROM pg_catalog.jsonb_to_recordset($1::pg_catalog.jsonb)
  AS w (at pg_catalog.int4, "on" pg_catalog.text, schema pg_catalog.text, name pg_catalog.text, "table" pg_catalog.text, "right" pg_catalog.text)
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = coalesce(w."table", w.name) AND w."on" IN ('table', 'column')
WHERE NOT CASE w."on"
  WHEN 'database' THEN pg_catalog.has_database_privilege(pg_catalog.current_database(), w."right")
  WHEN 'schema' THEN coalesce(pg_catalog.has_schema_privilege(n.oid, w."right"), true)
  WHEN 'table' THEN coalesce(pg_catalog.has_table_privilege(c.oid, w."right"), true)
  WHEN 'column' THEN coalesce(pg_catalog.has_column_privilege(c.oid, w.name, w."right"), true)
  ELSE NOT EXISTS (
    SELECT FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = n.oid AND p.proname = w.name AND NOT pg_catalog.has_function_privilege(p.oid, 'EXECUTE'))
  END
ORDER BY w.at`;
