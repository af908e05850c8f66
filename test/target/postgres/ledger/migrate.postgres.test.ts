import { readdirSync } from 'node:fs';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../../../../lib/ports/ledger/ledger.ts';
import type { Target } from '../../../../lib/ports/target.ts';
import { LEDGER_VERSION } from '../../../../lib/target/postgres/ledger/ledger-version.ts';
import { postgresTarget } from '../../../../lib/target/postgres/postgres-target.ts';
import { ledgerSchema } from '../../../support/postgres/ledger-schema.ts';
import { describePostgres, freshDatabase, type PostgresVersion } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const migrations = readdirSync(new URL('../../../../sql/migrations', import.meta.url)).sort();

test('the newest version has the number of migrations', () => {
  expect(LEDGER_VERSION).toBe(migrations.length);
});

const withHistory = { ...catalog, history: true };

describePostgres('migrate', (version) => {
  test('makes ledger, schema and tables once', async () => {
    const { target, ledger, sql } = await emptyDatabase(version);
    const feed = shopFeed({
      catalog: withHistory,
      stock: { files: 's*', columns: { sku: { type: 'text', key: true } } },
    });
    expect(await ledger.exists()).toBe(false);
    expect(await ledger.applied('shop')).toBeNull();
    await target.tidy();

    expect((await target.migrate(feed)).done).toEqual([
      ...migrations.map((name) => `ledger ${name}`),
      'schema shop',
      'table shop.catalog',
      'table shop.catalog_history',
      'table shop.stock',
    ]);
    expect(await target.migrate(feed)).toEqual({ done: [] });

    expect(await ledger.exists()).toBe(true);
    expect(await columns(sql, 'catalog')).toEqual([
      'id integer not null',
      'title text',
      'price numeric(12,2)',
      '_first_seen date not null',
      '_last_changed date not null',
      '_gone_since date',
      '_loaded_at timestamp with time zone not null',
    ]);
    expect(await columns(sql, 'catalog_history')).toEqual([
      'id integer not null',
      'title text',
      'price numeric(12,2)',
      '_valid_from date not null',
      '_valid_to date not null',
    ]);
  });

  test('is safe when many ask at once', async () => {
    const { target, another } = await emptyDatabase(version);
    const feed = shopFeed({ catalog: withHistory });

    const done = await Promise.all([target, another().target, another().target].map((each) => each.migrate(feed)));

    expect(done.map((each) => each.done.length).sort()).toEqual([0, 0, migrations.length + 3]);
  });

  test('the dumped schema is what the migrations make', async () => {
    const { target, sql } = await emptyDatabase(version);
    await target.migrate(shopFeed({ catalog }));

    await expect(await ledgerSchema(sql)).toMatchFileSnapshot('../../../../sql/schema.sql');
  });

  test('each function of the ledger looks for names where nobody else can put any', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const functions =
      await lab.sql`SELECT proname AS name, proconfig AS config FROM pg_proc WHERE pronamespace = 'nightfeed'::regnamespace`;
    expect(functions.length).toBeGreaterThan(3);
    expect(functions.filter(({ config }) => !config?.includes('search_path=pg_catalog, pg_temp'))).toEqual([]);
  });

  test('an older ledger is no ledger to ask, until it is migrated', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.sql`DELETE FROM nightfeed.ledger_migration WHERE version = ${LEDGER_VERSION}`;

    await expect(lab.ledger.exists()).rejects.toMatchObject({
      name: 'LEDGER_VERSION',
      message: `the ledger has version ${LEDGER_VERSION - 1}; this nightfeed needs ${LEDGER_VERSION}`,
    });
  });

  test('adds declared columns to table, history and view', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: withHistory }));
    await lab.night('2026-11-20', { catalog: [['1', 'one', '1']] });
    const { id, ...rest } = catalog.columns;
    const wider = shopFeed({ catalog: { ...withHistory, columns: { id, colour: 'text', ...rest } } });

    expect((await lab.target.migrate(wider)).done).toEqual([
      'column shop.catalog.colour',
      'column shop.catalog_history.colour',
    ]);

    expect((await columns(lab.sql, 'catalog')).at(-1)).toBe('colour text');
    expect(await columns(lab.sql, 'catalog_versions')).toEqual([
      '_valid_from date',
      '_valid_to date',
      'id integer',
      'title text',
      'price numeric(12,2)',
      'colour text',
    ]);
    expect(await lab.target.migrate(wider)).toEqual({ done: [] });
  });

  test('adds a history to a table that had none', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const feed = shopFeed({ catalog: withHistory });

    expect((await lab.target.migrate(feed)).done).toEqual(['table shop.catalog_history']);
    expect(await lab.target.migrate(feed)).toEqual({ done: [] });
  });

  test('leaves an undeclared column alone and says so', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const { price, ...rest } = catalog.columns;
    await lab.night('2026-11-20', { catalog: [['1', 'one', '1']] });

    expect(await lab.target.migrate(shopFeed({ catalog: { ...catalog, columns: rest } }))).toEqual({
      done: ['note: shop.catalog has the column "price", which the feed does not declare'],
    });
    expect(price).toBeDefined();
  });

  test('prints the SQL for every other difference, which then suffices', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: withHistory }));
    await lab.night('2026-11-20', { catalog: [['1', 'one', '1.00']] });
    await lab.night('2026-11-21', { catalog: [['1', 'uno', '1.00']] });
    const changed = shopFeed({
      catalog: {
        ...withHistory,
        columns: {
          id: { type: 'bigint', key: true },
          title: { type: 'text', key: true },
          price: 'decimal(14,2)',
          note: 'text',
        },
      },
    });

    const error = await lab.target.migrate(changed).then(
      () => undefined,
      (thrown) => thrown,
    );

    expect(error).toMatchObject({ name: 'MIGRATION_NEEDED' });
    const [, begin, settings, ...statements] = error.message.split('\n');
    expect([begin, settings.split(';')[0], statements.pop()]).toEqual([
      'BEGIN;',
      'SET LOCAL search_path = pg_catalog, pg_temp',
      'COMMIT;',
    ]);
    const view = statements.splice(-4).join('\n');
    expect(view).toMatch(/^CREATE OR REPLACE VIEW "shop"."catalog_versions" AS\n.*"title", "price" FROM .*;$/s);
    expect(statements).toEqual([
      'DROP VIEW "shop"."catalog_versions";',
      'ALTER TABLE "shop"."catalog" ALTER COLUMN "id" TYPE bigint USING "id"::bigint;',
      'ALTER TABLE "shop"."catalog" ALTER COLUMN "price" TYPE numeric(14,2) USING "price"::numeric(14,2);',
      'ALTER TABLE "shop"."catalog" DROP CONSTRAINT "catalog_pkey", ADD PRIMARY KEY ("id", "title");',
      `UPDATE nightfeed.target_table SET key_columns = '["id","title"]' WHERE schema_name = 'shop' AND table_name = 'catalog';`,
      'ALTER TABLE "shop"."catalog_history" ALTER COLUMN "id" TYPE bigint USING "id"::bigint;',
      'ALTER TABLE "shop"."catalog_history" ALTER COLUMN "price" TYPE numeric(14,2) USING "price"::numeric(14,2);',
      'ALTER TABLE "shop"."catalog_history" DROP CONSTRAINT "catalog_history_pkey", ADD PRIMARY KEY ("id", "title", _valid_from);',
    ]);
    expect(await columns(lab.sql, 'catalog')).not.toContain('note text');
    await runSql(lab.sql, error.message);
    expect((await lab.target.migrate(changed)).done).toEqual([
      'column shop.catalog.note',
      'column shop.catalog_history.note',
    ]);
    expect(await lab.target.migrate(changed)).toEqual({ done: [] });
    expect(await columns(lab.sql, 'catalog_versions')).toContain('note text');
  });

  test('makes what a table without rows lost', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.sql`ALTER TABLE shop.catalog DROP COLUMN _gone_since, DROP COLUMN title`;

    const { done } = await lab.target.migrate(lab.feed);
    expect(done).toEqual(['column shop.catalog.title', 'column shop.catalog._gone_since']);
    expect((await lab.target.migrate(lab.feed)).done).toEqual([]);
  });

  test.each([
    ['a table', 'catalog', 'CREATE TABLE shop.catalog (id int)'],
    ['a view', 'catalog', 'CREATE VIEW shop.catalog AS SELECT 1 AS id'],
    ['a history table', 'catalog_history', 'CREATE TABLE shop.catalog_history (id int)'],
    ['a view of versions', 'catalog_versions', 'CREATE VIEW shop.catalog_versions AS SELECT 1 AS id'],
  ])('refuses %s that is not ours and changes nothing', async (_what, name, statement) => {
    const { target, sql } = await emptyDatabase(version);
    await sql.unsafe(`CREATE SCHEMA shop; ${statement}`);

    await expect(target.migrate(shopFeed({ catalog: withHistory }))).rejects.toMatchObject({
      name: 'TABLE_EXISTS',
      message: `shop.${name} exists and is not a table of nightfeed`,
    });
    expect(await sql`SELECT to_regclass('nightfeed.run') AS ledger`).toEqual([{ ledger: null }]);
  });

  test('refuses the table of another feed', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));

    await expect(lab.target.migrate({ ...lab.feed, feed: 'else' })).rejects.toMatchObject({
      name: 'TABLE_EXISTS',
      message: 'shop.catalog belongs to the feed shop',
    });
  });

  test('makes a dropped table again when somebody wants it, and forgets what it held', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: withHistory }));
    await lab.night('2026-11-20', { catalog: [['1', 'one', '1']] });
    await lab.sql`DROP TABLE shop.catalog CASCADE`;
    await expect(lab.target.migrate(lab.feed)).rejects.toMatchObject({ name: 'TARGET_MISSING' });

    const restart = { tables: ['catalog'], by: 'ada', reason: 'dropped by mistake' };
    expect((await lab.target.migrate(lab.feed, restart)).done).toEqual(['table shop.catalog']);

    expect(await lab.ledger.applied('shop')).toEqual({
      run: { feed: 'shop', date: '2026-11-20', revision: 1 },
      delivery: '2026-11-20-r1',
      tables: {},
    });
    expect(await columns(lab.sql, 'catalog_versions')).toContain('id integer');
  });
});

/** What the message asks for. */
async function runSql(sql: postgres.Sql, message: string): Promise<void> {
  const session = await sql.reserve();
  await session.unsafe(message.slice(message.indexOf('\n')));
  session.release();
}

async function emptyDatabase(version: PostgresVersion): Promise<{
  ledger: Ledger;
  target: Target;
  sql: postgres.Sql;
  another(): { ledger: Ledger; target: Target };
}> {
  const database = await freshDatabase(version);
  const sql = postgres(database.url, { onnotice: () => {}, fetch_types: false, max: 1 });
  const closing = [() => sql.end()];
  onTestFinished(async () => {
    for (const close of closing) await close();
    await database.drop();
  });
  const another = () => {
    const ports = postgresTarget(database.url, { isDead: () => false, reach: async () => {} });
    closing.push(ports.close);
    return ports;
  };
  return { ...another(), sql, another };
}

async function columns(sql: postgres.Sql, table: string): Promise<string[]> {
  const rows = await sql`
    SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS text
    FROM pg_attribute a WHERE a.attrelid = ${`shop.${table}`}::text::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
  return rows.map((row) => row.text);
}
