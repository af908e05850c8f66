import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type LoginKind, loginKinds } from '../../../core/cloud/logins.ts';
import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import type { Feed } from '../../../core/feed/spec.ts';
import { migrationLimits } from '../connection/limits.ts';
import { type Address, type Connection, Session } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { historyName, versionsName } from '../tables/table-ddl.ts';
import { calledByAll, loginRights } from './login-rights.ts';

/** A role that processes log in with. */
export interface Login {
  readonly name: string;
  readonly password: string;
}
export type Logins = Readonly<Record<LoginKind, Login>>;

/** Whom to grant what everybody may read. */
const READER = 'nightfeed_reader';

/**
 * The logins of a feed and their rights, after `migrate` and under the same owner; asked again they have what this version gives them, and
 * nothing more. None has DDL on ledger and live tables. The reader sees live tables and the ledger. `logins` is asked when no other
 * deployment is here, so that what it keeps of passwords is what the roles get.
 */
export async function provideLogins(address: Address, feed: Feed, logins: () => Promise<Logins>): Promise<void> {
  await asOwner(address, async (db) => provide(db, feed, await logins()));
}

/** Gives the feed's logins their rights on tables that were made since. */
export async function grantRows(db: Connection, feed: Feed): Promise<void> {
  const logins = await db.query<{ name: string; kind: LoginKind }>(
    'SELECT role_name AS name, kind FROM nightfeed.login JOIN pg_roles ON rolname = role_name WHERE feed = $1',
    [feed.feed],
  );
  if (logins.length === 0) return;
  await db.script(
    [...readerRights(feed), ...logins.flatMap(({ name, kind }) => targetRights(kind, name, feed))].join(';\n'),
  );
}

/**
 * Takes from a login of all feeds what it had of this one, which has logins of its own; after its last feed it has nothing here, and
 * logs in no more unless it has rights elsewhere. False when a run of the feed is at work that may still need it.
 */
export async function retireLogin(address: Address, feed: Feed, name: string): Promise<boolean> {
  return asOwner(address, (db) => retire(db, feed, name));
}

/** Any constant, unlike the one of migrations: `nfro` in ASCII. */
const ROLES_LOCK = 0x6e_66_72_6f;

async function asOwner<T>(address: Address, work: (db: Connection) => Promise<T>): Promise<T> {
  const session = new Session(address);
  try {
    return await session.alone((db) =>
      transaction(db, migrationLimits, async () => {
        await db.script(`SELECT pg_advisory_xact_lock(${ROLES_LOCK})`);
        return work(db);
      }),
    );
  } finally {
    await session.close();
  }
}

async function provide(db: Connection, feed: Feed, logins: Logins): Promise<void> {
  await create(db, READER);
  await db.script(readerRights(feed).join(';\n'));
  for (const kind of loginKinds) {
    const { name, password } = logins[kind];
    const { steps, facts } = loginRights[kind];
    await create(db, name);
    await db.script(`ALTER ROLE ${quoteIdentifier(name)} LOGIN PASSWORD ${quoteLiteral(scramVerifier(password))}`);
    await db.query(register, [name, feed.feed, kind, steps, facts]);
    await db.script([...ledgerRights(kind, name), ...targetRights(kind, name, feed)].join(';\n'));
  }
}

const register = `
INSERT INTO nightfeed.login (role_name, feed, kind, steps, facts)
SELECT $1, $2, $3, ARRAY(SELECT jsonb_array_elements_text($4::jsonb)), ARRAY(SELECT jsonb_array_elements_text($5::jsonb))
ON CONFLICT (role_name) DO UPDATE SET feed = excluded.feed, kind = excluded.kind, steps = excluded.steps, facts = excluded.facts`;

/** Roles belong to all databases of a server: another one's deployment may be making the same. */
async function create(db: Connection, name: string): Promise<void> {
  await db.script(`DO $role$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(name)}) THEN CREATE ROLE ${quoteIdentifier(name)}; END IF;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $role$`);
}

function ledgerRights(kind: LoginKind, name: string): string[] {
  const { reads, writes, calls, rows } = loginRights[kind];
  const role = quoteIdentifier(name);
  const ours = (names: readonly string[]) => names.map((each) => `nightfeed.${each}`).join(', ');
  return [
    // What an earlier version gave.
    ...nothingOfTheLedger(role),
    `GRANT USAGE ON SCHEMA nightfeed TO ${role}`,
    `GRANT SELECT ON ${ours(reads)} TO ${role}`,
    ...Object.entries(writes).map(([table, rights]) => `GRANT ${rights} ON nightfeed.${table} TO ${role}`),
    `GRANT EXECUTE ON FUNCTION ${ours([...calls, ...calledByAll])} TO ${role}`,
    ...(rows === 'write' ? [`GRANT USAGE, CREATE ON SCHEMA nightfeed_stage TO ${role}`] : []),
  ];
}

function nothingOfTheLedger(role: string): string[] {
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA nightfeed FROM ${role}`,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA nightfeed FROM ${role}`,
    `REVOKE ALL ON SCHEMA nightfeed, nightfeed_stage FROM ${role}`,
  ];
}

function targetRights(kind: LoginKind, name: string, feed: Feed): string[] {
  const { rows } = loginRights[kind];
  if (rows === 'none') return [];
  const { schema, tables } = relationsOf(feed);
  const rights = rows === 'write' ? 'SELECT, INSERT, UPDATE, DELETE' : 'SELECT';
  const role = quoteIdentifier(name);
  return [`GRANT USAGE ON SCHEMA ${schema} TO ${role}`, `GRANT ${rights} ON ${tables.join(', ')} TO ${role}`];
}

function readerRights(feed: Feed): string[] {
  const { schema, tables, views } = relationsOf(feed);
  return [
    `GRANT USAGE ON SCHEMA nightfeed, ${schema} TO ${READER}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA nightfeed TO ${READER}`,
    `GRANT EXECUTE ON FUNCTION nightfeed.may_work_on TO ${READER}`,
    `GRANT SELECT ON ${[...tables, ...views].join(', ')} TO ${READER}`,
  ];
}

/** Quoted. */
function relationsOf(feed: Feed) {
  const schema = quoteIdentifier(feed.target.schema);
  const qualified = (name: string) => `${schema}.${quoteIdentifier(name)}`;
  const named = Object.entries(feed.tables);
  return {
    schema,
    tables: named.flatMap(([name, { history }]) => (history ? [name, historyName(name)] : [name])).map(qualified),
    views: named.flatMap(([name, { history }]) => (history ? [versionsName(name)] : [])).map(qualified),
  };
}

async function retire(db: Connection, feed: Feed, name: string): Promise<boolean> {
  const [found] = await db.query<{ there: boolean; busy: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS there,
       EXISTS (SELECT FROM nightfeed.run WHERE feed = $1 AND state = 'running' AND lease > clock_timestamp()) AS busy`,
    [feed.feed, name],
  );
  if (!found!.there) return true;
  if (found!.busy) return false;
  const role = quoteIdentifier(name);
  await db.query('INSERT INTO nightfeed.retired_login (role_name, feed) VALUES ($2, $1) ON CONFLICT DO NOTHING', [
    feed.feed,
    name,
  ]);
  await db.script(`REVOKE ALL ON ${relationsOf(feed).tables.join(', ')} FROM ${role}`);
  const [others] = await db.query<{ left: boolean; schemas: string[] }>(feedsLeft, [name]);
  if (others!.left) return true;
  const schemas = others!.schemas.map((schema) => `REVOKE ALL ON SCHEMA ${quoteIdentifier(schema)} FROM ${role}`);
  await db.script([...nothingOfTheLedger(role), ...schemas].join(';\n'));
  const [login] = await db.query<{ idle: boolean }>(isIdle, [name]);
  if (login!.idle) await db.script(closed(role));
  return true;
}

/** Who may create roles may not alter all of them since PostgreSQL 16; without rights this one does nothing here anyway. */
const closed = (role: string) => `DO $role$ BEGIN ALTER ROLE ${role} NOLOGIN;
  EXCEPTION WHEN insufficient_privilege THEN NULL; END $role$`;

const feedsLeft = `
SELECT EXISTS (
  SELECT feed FROM nightfeed.feed UNION SELECT feed FROM nightfeed.target_table
  EXCEPT SELECT feed FROM nightfeed.retired_login WHERE role_name = $1
) AS left, (SELECT coalesce(jsonb_agg(DISTINCT schema_name), '[]') FROM nightfeed.target_table) AS schemas`;

/** Roles belong to the whole server: it may be another stage's in another database, or somebody's with rights of another kind. */
const isIdle = `
SELECT NOT EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid)
  AND NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS idle
FROM pg_roles r WHERE r.rolname = $1`;

/** As PostgreSQL stores a password (RFC 5803), so that the password itself is in no statement and no log of the server. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}
