import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { LEDGER_VERSION } from '../../lib/target/postgres/ledger/ledger-version.ts';
import { postgresTarget } from '../../lib/target/postgres/postgres-target.ts';
import { ledgerSchema } from '../support/postgres/ledger-schema.ts';
import { describePostgres, freshDatabase, type PostgresVersion } from '../support/postgres/postgres.ts';
import { me } from '../support/postgres/target-lab.ts';
import { ledgerRows } from './ledger-rows.ts';

const folder = join(import.meta.dirname, '../../sql/migrations');
/** Every file that main ever had in sql/migrations, with its hash: no file ever had two contents. One with a new number gets a new line. */
const known = readFileSync(join(import.meta.dirname, 'migrations.sha256'), 'utf8')
  .trimEnd()
  .split('\n');

test('no migration that main ever had is gone or was changed', () => {
  const found = readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}`,
    );
  expect(found).toEqual(known);
});

// Main had each of these states, some for an hour only: a file was added to those before, or taken away again.
const states = Array.from({ length: LEDGER_VERSION }, (_, index) => index + 1);

describePostgres('a ledger', (version) => {
  test.each(states)('of version %i is migrated to this one, and keeps what it holds', async (state) => {
    const { sql, ledger, target } = await ledgerOf(version, state);
    const before = await contents(sql);

    await target.migrateLedger();

    const schema = readFileSync(join(import.meta.dirname, '../../sql/schema.sql'), 'utf8');
    expect(await ledgerSchema(sql)).toBe(schema);
    expect(lost(before, await contents(sql))).toEqual([]);
    await expectUsable(ledger);
  });

  test('gives a role of somebody’s the rights on new tables that it has on runs', async () => {
    const { sql, target } = await ledgerOf(version, 15);
    const role = `loader_${randomUUID().slice(0, 8)}`;
    await sql.unsafe(`CREATE ROLE ${role}; GRANT SELECT, INSERT ON nightfeed.run TO ${role}`);

    await target.migrateLedger();

    for (const table of ['outbox_channel', 'missed', 'pickup_log']) {
      const may = (right: string) => sql`SELECT has_table_privilege(${role}, ${`nightfeed.${table}`}, ${right}) AS may`;
      const found = await Promise.all(['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map(may));
      expect(
        found.map(([row]) => row!.may),
        table,
      ).toEqual([true, true, false, false]);
    }
    await sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

/** A ledger as the version made it that knew so many migrations, with the rows of a feed. */
async function ledgerOf(version: PostgresVersion, state: number) {
  const database = await freshDatabase(version);
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, fetch_types: false });
  const { ledger, target, close } = postgresTarget(database.url, { isDead: () => false, reach: async () => {} });
  onTestFinished(async () => {
    await Promise.all([close(), sql.end()]);
    await database.drop();
  });
  await sql.unsafe(`CREATE SCHEMA nightfeed; CREATE SCHEMA nightfeed_stage;
    CREATE TABLE nightfeed.migration (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  for (const [index, name] of readdirSync(folder).sort().slice(0, state).entries()) {
    await sql.unsafe(readFileSync(join(folder, name), 'utf8'));
    await sql`INSERT INTO nightfeed.migration (version, name) VALUES (${index + 1}, ${name})`;
    await sql.unsafe(ledgerRows[index + 1] ?? '');
  }
  return { sql, ledger, target };
}

type Contents = Map<string, Record<string, unknown>[]>;

/** What a later migration calls otherwise. */
const renamed: Readonly<Record<string, string>> = { migration: 'ledger_migration' };

/** What a migration took away, as `table.column`. No commit since 3548efa may read it. */
const takenAway: readonly string[] = ['outbox.created_at', 'target_table.created_at'];

async function contents(sql: postgres.Sql): Promise<Contents> {
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'nightfeed'::regnamespace AND relkind = 'r'`;
  const found: Contents = new Map();
  for (const { name } of tables) {
    const rows = await sql`SELECT to_jsonb(t) AS row FROM nightfeed.${sql(name)} AS t ORDER BY t::text`;
    found.set(
      renamed[name] ?? name,
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** Rows of before that are no part of any row of now. */
function lost(before: Contents, now: Contents): unknown[] {
  return [...before].flatMap(([table, rows]) =>
    rows.filter((row) => {
      const kept = Object.entries(row).filter(([column]) => !takenAway.includes(`${table}.${column}`));
      const isIn = (other: Record<string, unknown>) =>
        kept.every(([column, value]) => JSON.stringify(other[column]) === JSON.stringify(value));
      return !now.get(table)?.some(isIn);
    }),
  );
}

/** Reads and claims what the rows say. */
async function expectUsable(ledger: ReturnType<typeof postgresTarget>['ledger']): Promise<void> {
  expect(await ledger.exists()).toBe(true);
  expect(await ledger.applied('shop')).toMatchObject({
    run: { date: '2026-11-20', revision: 2 },
    tables: { catalog: { fingerprint: { rows: 3, hi: '18446744073709551615' } } },
  });
  expect((await ledger.runs({ feed: 'shop', limit: 9 })).map(({ state }) => state)).toEqual([
    'running',
    'held',
    'published',
    'published',
    'failed',
  ]);
  const held = { feed: 'shop', date: '2026-11-21', revision: 1 };
  expect(await ledger.approvals(held, 'c3')).toMatchObject([{ by: 'ada' }]);
  expect(await ledger.quarantined({ feed: 'shop' })).toMatchObject([{ table: 'catalog', rows: 2 }]);
  expect(await ledger.outbox()).toHaveLength(1);
  const order = { feed: 'shop', date: '2026-11-22', owner: me, feedHash: 'f', folder: '/feeds' };
  expect(await ledger.claim(order)).toMatchObject({ kind: 'open', fence: 2 });
}
