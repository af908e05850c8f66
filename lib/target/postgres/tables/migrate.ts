import { entryOf } from '../../../core/entry-of.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { columnsOf, type Feed } from '../../../core/feed/spec.ts';
import type { Restart } from '../../../ports/target.ts';
import { migrationLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { inOurMeaning } from '../connection/settings.ts';
import { transaction } from '../connection/transaction.ts';
import { appliedTables } from '../ledger/applied.ts';
import { requireLedger } from '../ledger/ledger-version.ts';
import { migrateLedger } from '../ledger/migrate-ledger.ts';
import { grantRows } from '../ledger/roles.ts';
import { type Registration, type Relation, registrationsOf, relationsOf } from './catalog.ts';
import { requireTypes } from './database-types.ts';
import { requireHeld, storedColumns } from './missing.ts';
import { historyName, versionsName } from './table-ddl.ts';
import { planTable, type TablePlan } from './table-plan.ts';
import { type Target, targetOf } from './target.ts';

/** Brings ledger, schema and tables to what this version and the feed declare, in one transaction or not at all. */
export async function migrate(db: Connection, feed: Feed, restart?: Restart): Promise<{ done: string[] }> {
  return inOne(db, async () => [...(await migrateLedger(db)), ...(await bring(db, feed, restart))]);
}

/** Brings schema and tables there. The ledger has to fit: throws LEDGER_VERSION. */
export async function migrateTables(db: Connection, feed: Feed): Promise<{ done: string[] }> {
  return inOne(db, async () => {
    await requireLedger(db);
    return bring(db, feed);
  });
}

/** Migrates the ledger alone. */
export async function migrateLedgerAlone(db: Connection): Promise<{ done: string[] }> {
  return inOne(db, () => migrateLedger(db));
}

function inOne(db: Connection, work: () => Promise<string[]>): Promise<{ done: string[] }> {
  return transaction(db, migrationLimits, async () => {
    await db.script(`SELECT pg_advisory_xact_lock(${MIGRATE_LOCK})`);
    return { done: await work() };
  });
}

async function bring(db: Connection, feed: Feed, restart?: Restart): Promise<string[]> {
  const done = await createSchema(db, feed.target.schema);
  const targets = Object.keys(feed.tables).map((name) => targetOf(feed, name));
  if (restart) await forget(db, feed, restart);
  const { plans, relations } = await planTables(db, feed, targets, await registrationsOf(db, feed.target.schema));
  for (const [index, target] of targets.entries()) await execute(db, feed, target, plans[index]!);
  await forgetDropped(db, feed, relations);
  if (plans.some((each) => each.done.length > 0)) await grantRows(db, feed);
  return [...done, ...plans.flatMap((each) => each.done)];
}

/** An arbitrary number for the lock: the first letters of nightfeed in ASCII. */
const MIGRATE_LOCK = 0x6e_66_65_65_64;

async function createSchema(db: Connection, schema: string): Promise<string[]> {
  const [found] = await db.query<{ encoding: string; there: boolean }>(
    `SELECT current_setting('server_encoding') AS encoding, EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS there`,
    [schema],
  );
  if (found!.encoding !== 'UTF8') {
    throw new NightfeedError('DATABASE_REFUSED', `the database has the encoding ${found!.encoding}; expected UTF8`);
  }
  if (found!.there) return [];
  await db.script(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  return [`schema ${schema}`];
}

/** Throws TARGET_MISSING, MIGRATION_NEEDED for what only a person may do, and TABLE_EXISTS. */
export async function planTables(
  db: Connection,
  feed: Feed,
  targets: readonly Target[],
  registrations: ReadonlyMap<string, Registration>,
): Promise<{ plans: TablePlan[]; relations: ReadonlyMap<string, Relation> }> {
  const names = targets.flatMap(({ name }) => [name, historyName(name), versionsName(name)]);
  const relations = await relationsOf(db, feed.target.schema, names);
  await requireTypes(db, targets);
  if (registrations.size > 0) requireHeld(targets, relations, registrations, await appliedTables(db, feed.feed));
  const plans = targets.map((target) => planTable(feed.feed, target, relations, registrations.get(target.name)));
  stopForManual(plans);
  return { plans, relations };
}

function stopForManual(plans: readonly TablePlan[]): void {
  const statements = plans.flatMap((each) => each.manual);
  if (statements.length === 0) return;
  throw new NightfeedError(
    'MIGRATION_NEEDED',
    `the tables differ from the feed file in a way that may lose data:\n${inOurMeaning(statements).join('\n')}`,
  );
}

async function execute(db: Connection, feed: Feed, target: Target, { statements, created }: TablePlan): Promise<void> {
  if (statements.length > 0) await db.script(statements.join(';\n'));
  if (created) await registerTable(db, feed, target);
  else if (target.keepsHistory) await db.query(registerHistory, [target.schema, target.name]);
}

/** The ledger forgets these tables. What is missing is made, and the next night starts from the rows that exist. */
async function forget(db: Connection, { feed, target, tables: declared }: Feed, restart: Restart): Promise<void> {
  const { tables, by, reason } = restart;
  for (const table of tables) {
    if (!entryOf(declared, table))
      throw new NightfeedError(
        'USAGE',
        `the feed file has no table ${table}; it has ${Object.keys(declared).join(', ')}`,
      );
    await db.query('DELETE FROM nightfeed.applied_table WHERE feed = $1 AND table_name = $2', [feed, table]);
    await db.query(
      'INSERT INTO nightfeed.restart (feed, schema_name, table_name, restarted_by, reason) VALUES ($1, $2, $3, $4, $5)',
      [feed, target.schema, table, by, reason],
    );
  }
}

/** A table or column that the feed file no longer declares and that somebody dropped is forgotten, so that it may come again as new. */
async function forgetDropped(
  db: Connection,
  { feed, target, tables }: Feed,
  relations: ReadonlyMap<string, Relation>,
): Promise<void> {
  for (const held of await appliedTables(db, feed)) {
    const table = entryOf(tables, held.name);
    if (!table || held.schema !== target.schema) continue;
    if (!table.history && !relations.has(historyName(held.name))) await db.query(dropHistory, [held.schema, held.name]);
    const declared = columnsOf(table).map(({ name }) => name);
    const present = relations.get(held.name)?.columns.map(({ name }) => name) ?? [];
    const kept = storedColumns(held).filter((name) => present.includes(name) || declared.includes(name));
    if (kept.length < storedColumns(held).length)
      await db.query('UPDATE nightfeed.applied_table SET stored = $3 WHERE feed = $1 AND table_name = $2', [
        feed,
        held.name,
        kept,
      ]);
  }
}

/** From now on the table is nightfeed's. */
export async function registerTable(db: Connection, feed: Feed, target: Target): Promise<void> {
  const keys = target.keys.map((key) => key.name);
  await db.query(register, [target.schema, target.name, feed.feed, keys, target.keepsHistory]);
}

const register = `
INSERT INTO nightfeed.target_table (schema_name, table_name, feed, key_columns, history) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (schema_name, table_name) DO UPDATE SET key_columns = excluded.key_columns, history = excluded.history`;

const registerHistory = `
UPDATE nightfeed.target_table SET history = true WHERE schema_name = $1 AND table_name = $2 AND NOT history`;

const dropHistory = `
UPDATE nightfeed.target_table SET history = false WHERE schema_name = $1 AND table_name = $2 AND history`;
