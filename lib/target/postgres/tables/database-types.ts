import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import type { Column } from '../../../core/feed/spec.ts';
import { type DatabaseType, databaseTypeOf } from '../../../core/feed/values/database-type.ts';
import type { Connection } from '../connection/session.ts';
import { inOurMeaning } from '../connection/settings.ts';
import type { Target } from './target.ts';

/**
 * Throws MIGRATION_NEEDED, with the SQL, when the database lacks a type that a column names, or a value of it. nightfeed makes no types:
 * they belong to whoever reads them too, and a value that was added to an enum can never be taken out.
 */
export async function requireTypes(db: Connection, targets: readonly Target[]): Promise<void> {
  const declared = typesOf(targets.flatMap(({ columns }) => columns));
  if (declared.length === 0) return;
  const found = await db.query<FoundType>(typesSql, [
    declared.map(({ schema }) => schema),
    declared.map(({ name }) => name),
  ]);
  const statements = declared.flatMap((type) =>
    statementsFor(
      type,
      found.find(({ schema, name }) => schema === type.schema && name === type.name),
    ),
  );
  if (statements.length === 0) return;
  throw new NightfeedError(
    'MIGRATION_NEEDED',
    `the database lacks what the feed file says of its types, which nightfeed does not make:\n${inOurMeaning(statements).join('\n')}`,
  );
}

interface FoundType {
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype */
  readonly kind: string;
  readonly labels: readonly string[];
}

interface DeclaredType extends DatabaseType {
  readonly values: readonly string[];
}

const typesSql = `
SELECT n.nspname AS schema, t.typname AS name, t.typtype AS kind,
  (SELECT coalesce(jsonb_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname IN (SELECT jsonb_array_elements_text($1::jsonb)) AND t.typname IN (SELECT jsonb_array_elements_text($2::jsonb))`;

/** Each type once, with the values that its columns name together. */
function typesOf(columns: readonly Column[]): DeclaredType[] {
  const types = new Map<string, DeclaredType>();
  for (const { type, values = [] } of columns) {
    const named = databaseTypeOf(type);
    if (!named) continue;
    const known = types.get(type)?.values ?? [];
    types.set(type, { ...named, values: [...new Set([...known, ...values])] });
  }
  return [...types.values()];
}

function statementsFor({ kind, schema, name, values }: DeclaredType, found: FoundType | undefined): string[] {
  const type = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  if (kind === 'citext')
    return found
      ? []
      : [`CREATE EXTENSION citext WITH SCHEMA ${quoteIdentifier(schema)}; -- or say where it is: citext(SCHEMA)`];
  if (!found) return [`CREATE TYPE ${type} AS ENUM (${values.map(quoteLiteral).join(', ')});`];
  if (found.kind !== 'e') return [`-- ${type} is not an enum: name another type in the feed file.`];
  return values
    .filter((value) => !found.labels.includes(value))
    .map((value) => `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)};`);
}
