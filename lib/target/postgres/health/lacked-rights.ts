import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { columnsOf, type Feed } from '../../../core/feed/spec.ts';
import type { MissingRight } from '../../../ports/database-health.ts';
import type { Connection } from '../connection/session.ts';
import { ledgerFit } from '../ledger/ledger-version.ts';
import { type Relation, registrationsOf, relationsOf } from '../tables/catalog.ts';
import { historyName } from '../tables/table-ddl.ts';
import { asGrants, lacking } from './lacking.ts';
import { ledgerRights, type Right, rowRights } from './needed-rights.ts';

/** What a role lacks for the nights of a feed: on what is there, and to make what is not. */
export async function lackedRights(
  db: Connection,
  feed: Feed,
  { role, database }: { readonly role: string; readonly database: string },
): Promise<MissingRight[]> {
  const { schema } = feed.target;
  const [ledger] = await db.query<LedgerAsOwned>(ledgerSql, [schema]);
  const { isThere, isOurs, owner, hasSchema } = ledger!;
  const onLedger = isThere ? await lacking(db, ledgerRights) : [];
  const mayRead = isThere && !onLedger.some(({ schema: of, right }) => of === 'nightfeed' && isToRead(right));
  const registered = mayRead ? await registrationsOf(db, schema) : null;
  // A table that is somebody else's is adopted by its owner, who needs no GRANT. Without a look at the ledger each is taken for ours.
  const ours = Object.keys(feed.tables).filter((table) => isThere && (registered?.has(table) ?? true));
  const ourRelations = ours.flatMap((table) => relationNames(feed, table));
  const onRows = await lacking(db, [
    ...(hasSchema ? [{ on: 'schema', schema, right: 'USAGE' } as const] : []),
    ...ourRelations.flatMap((name) => rowRights(schema, name)),
  ]);
  const needed = Object.keys(feed.tables).flatMap((table) => relationNames(feed, table));
  const found = await relationsOf(db, schema, needed);
  const isMissing = needed.some((name) => !found.has(name));
  const toMake = await lacking(db, rightsToMake(ledger!, { schema, database, isMissing }));
  // Who does not own the ledger has an owner who migrates, and needs none of these rights.
  const makes = asGrants(toMake, role).map((lack) => (isThere && !isOurs ? byOwner(lack.right, owner!) : lack));
  const needsMigration = mayRead && !isOurs && (await ledgerFit(db)) === 'older';
  return [
    ...asGrants([...onLedger, ...onRows], role),
    ...makes,
    ...(needsMigration ? [byOwner('ownership of the ledger, which has to be migrated', owner!)] : []),
    ...(await ownersOf(db, schema, extended(feed, ours, found))),
  ];
}

const isToRead = (right: Right['right']) => right === 'USAGE' || right === 'SELECT';

interface LedgerAsOwned {
  readonly isThere: boolean;
  /** Our role may do what its owner may. */
  readonly isOurs: boolean;
  readonly owner: string | null;
  /** The schema of the feed's tables is there. */
  readonly hasSchema: boolean;
}

const ledgerSql = `
SELECT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'migration') AS "isThere",
  coalesce(pg_catalog.pg_has_role(n.nspowner, 'USAGE'), false) AS "isOurs", pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
  EXISTS (SELECT FROM pg_catalog.pg_namespace s WHERE s.nspname = $1) AS "hasSchema"
FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = 'nightfeed'`;

/** The table, and its history where it has one. */
function relationNames({ tables }: Feed, table: string): string[] {
  return tables[table]!.history ? [table, historyName(table)] : [table];
}

function rightsToMake(
  { isThere, hasSchema }: LedgerAsOwned,
  { schema, database, isMissing }: { readonly schema: string; readonly database: string; readonly isMissing: boolean },
): Right[] {
  const inSchema: Right[] = hasSchema && isMissing ? [{ on: 'schema', schema, right: 'CREATE' }] : [];
  const inDatabase: Right[] = isThere && hasSchema ? [] : [{ on: 'database', name: database, right: 'CREATE' }];
  const inLedger: Right[] =
    isThere && isMissing ? [{ on: 'table', schema: 'nightfeed', name: 'target_table', right: 'INSERT' }] : [];
  return [...inDatabase, ...inSchema, ...inLedger];
}

/** Tables of ours that get columns. */
function extended({ tables }: Feed, ours: readonly string[], found: ReadonlyMap<string, Relation>): string[] {
  return ours.filter((table) => {
    const present = found.get(table)?.columns.map(({ name }) => name);
    return present !== undefined && columnsOf(tables[table]!).some(({ name }) => !present.includes(name));
  });
}

/** Only an owner may give a table columns. */
async function ownersOf(db: Connection, schema: string, tables: readonly string[]): Promise<MissingRight[]> {
  const others = await db.query<{ name: string; owner: string }>(
    `SELECT c.relname AS name, pg_catalog.pg_get_userbyid(c.relowner) AS owner
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname IN (SELECT pg_catalog.jsonb_array_elements_text($2::pg_catalog.jsonb))
       AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')`,
    [schema, tables],
  );
  return others.map(({ name, owner }) =>
    byOwner(`ownership of ${quoteIdentifier(schema)}.${quoteIdentifier(name)}, which gets columns`, owner),
  );
}

const byOwner = (right: string, owner: string): MissingRight => ({
  right,
  remedy: `nightfeed migrate FEED.yaml    # as ${quoteIdentifier(owner)}`,
});
