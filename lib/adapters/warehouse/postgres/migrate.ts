import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import type { Feed } from '../../../core/feed/spec.ts';
import { type Registration, type Relation, registrationsOf, relationsOf } from './catalog.ts';
import { migrateLedger } from './ledger-version.ts';
import { migrationLimits } from './limits.ts';
import type { Connection } from './session.ts';
import { inOurMeaning } from './settings.ts';
import { historyName, versionsName } from './table-ddl.ts';
import { planTable, type TablePlan } from './table-plan.ts';
import { type Target, targetOf } from './target.ts';
import { transaction } from './transaction.ts';

/** Brings ledger, schema and tables to what this version and the feed declare, in one transaction or not at all. */
export async function migrate(db: Connection, feed: Feed): Promise<{ done: string[] }> {
  return transaction(db, migrationLimits, async () => {
    await db.script(`SELECT pg_advisory_xact_lock(${MIGRATE_LOCK})`);
    const done = [...(await migrateLedger(db)), ...(await createSchema(db, feed.target.schema))];
    const targets = Object.keys(feed.tables).map((name) => targetOf(feed, name));
    const { plans } = await planTables(db, feed, targets, await registrationsOf(db, feed.target.schema));
    for (const [index, target] of targets.entries()) await execute(db, feed, target, plans[index]!);
    return { done: [...done, ...plans.flatMap((each) => each.done)] };
  });
}

/** Any constant: the first letters of nightfeed in ASCII. */
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

/** Throws MIGRATION_NEEDED for what only a person may do, and TABLE_EXISTS. */
export async function planTables(
  db: Connection,
  feed: Feed,
  targets: readonly Target[],
  registrations: ReadonlyMap<string, Registration>,
): Promise<{ plans: TablePlan[]; relations: ReadonlyMap<string, Relation> }> {
  const names = targets.flatMap(({ name }) => [name, historyName(name), versionsName(name)]);
  const relations = await relationsOf(db, feed.target.schema, names);
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
  const place = [target.schema, target.name];
  if (created) {
    await registerTable(db, feed, target);
    // A table that somebody dropped: its next delivery is a first load again.
    await db.query('DELETE FROM nightfeed.applied_table WHERE feed = $1 AND table_name = $2', [feed.feed, target.name]);
  } else if (target.keepsHistory) {
    await db.query(registerHistory, place);
  }
}

/** From now on the table is nightfeed's. */
export async function registerTable(db: Connection, feed: Feed, target: Target): Promise<void> {
  const keys = target.keys.map((key) => key.name);
  await db.query(register, [target.schema, target.name, feed.feed, keys, target.keepsHistory]);
}

/** The ledger alone, for what comes before any table. */
export async function migrateLedgerAlone(db: Connection): Promise<void> {
  await transaction(db, migrationLimits, async () => {
    await db.script(`SELECT pg_advisory_xact_lock(${MIGRATE_LOCK})`);
    await migrateLedger(db);
  });
}

const register = `
INSERT INTO nightfeed.target_table (schema_name, table_name, feed, key_columns, history) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (schema_name, table_name) DO UPDATE SET key_columns = excluded.key_columns, history = excluded.history`;

const registerHistory = `
UPDATE nightfeed.target_table SET history = true WHERE schema_name = $1 AND table_name = $2 AND NOT history`;
