import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import type { Feed } from '../../../core/feed/spec.ts';
import { migrationLimits } from './limits.ts';
import { type Address, type Connection, Session } from './session.ts';
import { historyName, versionsName } from './table-ddl.ts';
import { transaction } from './transaction.ts';

/** The role that the steps log in with. */
export interface Loader {
  readonly name: string;
  readonly password: string;
}

/** Whom to grant what everybody may read. */
const READER = 'nightfeed_reader';

/**
 * Roles and their rights for the tables of a feed, after `migrate` and under the same owner; asked again it changes nothing.
 * The loader reads and writes rows and calls the functions that widen and first fill a table: it has no DDL on ledger and live tables, only a
 * schema of its own for stages. The reader sees live tables and the ledger.
 */
export async function provideRoles(address: Address, feed: Feed, loader: Loader): Promise<void> {
  const session = new Session(address);
  try {
    await session.alone((db) => transaction(db, migrationLimits, () => provide(db, feed, loader)));
  } finally {
    await session.close();
  }
}

/** Any constant, unlike the one of migrations: `nfro` in ASCII. */
const ROLES_LOCK = 0x6e_66_72_6f;

async function provide(db: Connection, feed: Feed, loader: Loader): Promise<void> {
  const role = quoteIdentifier(loader.name);
  await db.script(`SELECT pg_advisory_xact_lock(${ROLES_LOCK})`);
  await create(db, loader.name);
  await create(db, READER);
  await db.script(`ALTER ROLE ${role} LOGIN PASSWORD ${quoteLiteral(scramVerifier(loader.password))}`);
  await db.script([...ledgerRights(role), ...targetRights(role, feed)].join(';\n'));
}

/** Roles belong to all databases of a server: another one's deployment may be making the same. */
async function create(db: Connection, name: string): Promise<void> {
  await db.script(`DO $role$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(name)}) THEN CREATE ROLE ${quoteIdentifier(name)}; END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$`);
}

function ledgerRights(loader: string): string[] {
  return [
    `GRANT USAGE ON SCHEMA nightfeed TO ${loader}, ${READER}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA nightfeed TO ${loader}, ${READER}`,
    `GRANT INSERT, UPDATE ON nightfeed.feed, nightfeed.run, nightfeed.applied_table, nightfeed.quarantine, nightfeed.decision,
       nightfeed.outbox TO ${loader}`,
    // Released rows leave it.
    `GRANT DELETE ON nightfeed.quarantine TO ${loader}`,
    `GRANT EXECUTE ON FUNCTION nightfeed.begin_first_load(text, text, date), nightfeed.finish_first_load(text, text),
       nightfeed.add_text_column(text, text, text) TO ${loader}`,
    `GRANT USAGE, CREATE ON SCHEMA nightfeed_stage TO ${loader}`,
  ];
}

function targetRights(loader: string, feed: Feed): string[] {
  const schema = quoteIdentifier(feed.target.schema);
  const qualified = (name: string) => `${schema}.${quoteIdentifier(name)}`;
  const tables = Object.entries(feed.tables).flatMap(([name, { history }]) =>
    history ? [name, historyName(name)] : [name],
  );
  const views = Object.entries(feed.tables).flatMap(([name, { history }]) => (history ? [versionsName(name)] : []));
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${loader}, ${READER}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.map(qualified).join(', ')} TO ${loader}`,
    `GRANT SELECT ON ${[...tables, ...views].map(qualified).join(', ')} TO ${READER}`,
  ];
}

/** As PostgreSQL stores a password (RFC 5803), so that the password itself is in no statement and no log of the server. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
