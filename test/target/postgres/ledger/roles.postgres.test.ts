import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { loginKinds } from '../../../../lib/core/cloud/logins.ts';
import { runMessage } from '../../../../lib/core/run/message.ts';
import { type Login, provideLogins, retireLogin } from '../../../../lib/target/postgres/ledger/roles.ts';
import { loginsFor, urlAs } from '../../../support/postgres/logins.ts';
import { describePostgres, freshDatabase } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, me, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const feed = shopFeed({ catalog: { ...catalog, history: true } });

describePostgres('roles', (version) => {
  test('the passwords are in no statement, and are changed by asking again', async () => {
    const lab = await targetLab(version, feed);
    const { logins } = await loginsFor(lab.url, feed);
    const { name, password } = logins.fetch;
    const [stored] = await lab.sql`SELECT rolpassword FROM pg_authid WHERE rolname = ${name}`;
    expect(stored!.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(stored!.rolpassword).not.toContain(password);

    const renewed = { name, password: 'another' };
    await Promise.all([1, 2].map(() => provideLogins(lab.url, feed, async () => ({ ...logins, fetch: renewed }))));

    await expect(lab.another({}, urlAs(lab.url, logins.fetch)).ledger.exists()).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
    });
    expect(await lab.another({}, urlAs(lab.url, renewed)).ledger.exists()).toBe(true);
  });

  test('of two deployments at once, the database has the passwords of the one that kept its own last', async () => {
    const lab = await targetLab(version, feed);
    const { logins } = await loginsFor(lab.url, feed);
    const { name } = logins.fetch;
    let kept = '';
    const renew = (password: string, ms: number) => async () => {
      kept = password;
      await sleep(ms);
      return { ...logins, fetch: { name, password } };
    };

    await Promise.all([renew('one', 500), renew('two', 50)].map((each) => provideLogins(lab.url, feed, each)));

    expect(await lab.another({}, urlAs(lab.url, { name, password: kept })).ledger.exists()).toBe(true);
  });

  test('a database whose functions are for nobody by default keeps no login out', async () => {
    const lab = await targetLab(version, feed);
    await lab.sql.unsafe(`DROP SCHEMA nightfeed, nightfeed_stage, shop CASCADE;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`);
    await lab.target.migrate(feed);
    const { urls } = await loginsFor(lab.url, feed);
    const first = await lab.publication('2026-11-19', { catalog: [['1', 'a', '1.00']] });

    expect(await lab.another({}, urls.publish).target.publish(first)).toMatchObject({ kind: 'published' });
    for (const kind of loginKinds) expect(await connect(urls[kind])`SELECT FROM nightfeed.run`, kind).toHaveLength(1);
    // The second stands for a role of somebody's that was granted the ledger's tables.
    for (const role of ['nightfeed_reader', 'pg_read_all_data']) {
      const seen = lab.sql.begin((sql) => [sql`SET LOCAL ROLE ${sql(role)}`, sql`SELECT FROM nightfeed.run`]);
      expect((await seen)[1], role).toHaveLength(1);
    }
  });

  test('who only reads everything, as a backup does, sees the ledger whole when row-level security is left on', async () => {
    const lab = await targetLab(version, feed);
    await lab.open('2026-11-20');
    const reader = { name: `backup_${randomUUID().slice(0, 8)}`, password: 'p' };
    await lab.sql.unsafe(`CREATE ROLE ${reader.name} LOGIN PASSWORD 'p'; GRANT pg_read_all_data TO ${reader.name}`);
    const backup = connect(urlAs(lab.url, reader));

    expect(await backup`SELECT FROM nightfeed.run`).toHaveLength(1);
    await backup`SET row_security = off`;
    await expect(backup`SELECT FROM nightfeed.run`).rejects.toMatchObject({ code: '42501' });
  });

  test('a right that an earlier version gave is taken back', async () => {
    const lab = await targetLab(version, feed);
    const { logins, urls } = await loginsFor(lab.url, feed);
    await lab.sql.unsafe(`GRANT INSERT ON nightfeed.decision TO "${logins.fetch.name}"`);

    await provideLogins(lab.url, feed, async () => logins);

    const insert = connect(urls.fetch)`INSERT INTO nightfeed.decision (feed) VALUES ('shop')`;
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });

  test("a table that an owner starts anew is the logins' again", async () => {
    const lab = await targetLab(version, feed);
    const { urls } = await loginsFor(lab.url, feed);
    const first = await lab.publication('2026-11-19', { catalog: [['1', 'a', '1.00']] });
    await lab.another({}, urls.publish).target.publish(first);
    await lab.sql`DROP TABLE shop.catalog CASCADE`;

    await lab.target.migrate(feed, { tables: ['catalog'], by: 'ada', reason: 'dropped by mistake' });

    expect(await connect(urls.publish)`DELETE FROM shop.catalog`).toHaveLength(0);
    expect(await connect(urls.compare)`SELECT FROM shop.catalog`).toHaveLength(0);
    await expect(connect(urls.fetch)`SELECT FROM shop.catalog`).rejects.toMatchObject({ code: '42501' });
  });

  test('the one login of before works on until its feeds have their own, and is retired when no run needs it', async () => {
    const lab = await targetLab(version, feed);
    const other = { ...feed, feed: 'other', target: { ...feed.target, schema: 'other' } };
    const loader = await asBeforeLogins(lab);
    await lab.target.migrate(feed);
    await lab.target.migrate(other);
    for (const schema of ['shop', 'other'])
      await lab.sql.unsafe(`GRANT USAGE ON SCHEMA ${schema} TO ${loader.name};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.catalog, ${schema}.catalog_history TO ${loader.name}`);
    const asBefore = connect(loader.url);
    const asLoader = lab.another({}, loader.url);

    const first = await lab.publication('2026-11-19', { catalog: [['1', 'a', '1.00']] });
    for (const statement of writesOfBefore) expect((await asBefore.unsafe(statement)).count, statement).toBe(1);
    expect(await asLoader.target.publish(first)).toMatchObject({ kind: 'published' });
    const { run, fence } = await lab.open('2026-11-20');
    expect(await asLoader.ledger.enter(run, me, { lease: 60, begins: 'pull' })).toBe(fence + 1);
    await asLoader.ledger.note(run, fence + 1, { listing: 'l' });

    const { urls } = await loginsFor(lab.url, feed);
    expect(await retireLogin(lab.url, feed, loader.name)).toBe(false);
    await asLoader.ledger.recordOutcome(run, fence + 1, 'pull', { outcome: 'pulled' });
    const next = lab.another({}, urls.compare).ledger;
    expect(await next.enter(run, me, { lease: 60, begins: 'diff' })).toBe(fence + 2);
    expect((await next.progress(run))?.outcomes).toEqual({ pull: { outcome: 'pulled' } });
    const message = runMessage({ run, state: 'failed', changeSet: null, tables: {} });
    await lab
      .another({}, urls.control)
      .ledger.stop(run, fence + 2, { state: 'failed', error: null, holds: [], message });

    expect(await retireLogin(lab.url, feed, loader.name)).toBe(true);
    expect(await asBefore`SELECT FROM nightfeed.run`).toHaveLength(0);
    for (const statement of writesOfBefore) expect((await asBefore.unsafe(statement)).count, statement).toBe(0);
    await expect(asBefore`UPDATE shop.catalog SET title = 'x'`).rejects.toMatchObject({ code: '42501' });
    await expect(asBefore`SELECT nightfeed.add_text_column('shop', 'catalog', 'more')`).rejects.toMatchObject({
      code: '42501',
    });
    const order = { feed: 'other', date: '2026-11-20', owner: me, feedHash: 'f', folder: '' };
    expect(await asLoader.ledger.claim(order)).toMatchObject({ kind: 'open' });

    await lab.sql`UPDATE nightfeed.run SET lease = now() - interval '1 second' WHERE feed = 'other'`;
    const elsewhere = await freshDatabase(version);
    const theirs = postgres(elsewhere.url, { max: 1, onnotice: () => {} });
    await theirs.unsafe(`CREATE SCHEMA theirs; GRANT USAGE ON SCHEMA theirs TO ${loader.name}`);
    await theirs.end();
    expect(await retireLogin(lab.url, other, loader.name)).toBe(true);
    await expect(asBefore`SELECT FROM nightfeed.run`).rejects.toMatchObject({ code: '42501' });
    expect(await connect(loader.url)`SELECT`).toHaveLength(1);
    await elsewhere.drop();
    expect(await retireLogin(lab.url, other, loader.name)).toBe(true);
    await expect(connect(loader.url)`SELECT`).rejects.toMatchObject({ code: '28000' });
    expect(await retireLogin(lab.url, other, 'nobody of this name')).toBe(true);
  });

  test('the login of before loses its rights also where the owner may not alter it', async () => {
    const lab = await targetLab(version, feed);
    const [owner, loader] = ['owner', 'loader'].map((name) => ({
      name: `${name}_${randomUUID().slice(0, 8)}`,
      password: 'p',
    })) as [Login, Login];
    await lab.sql.unsafe(`DROP SCHEMA nightfeed, nightfeed_stage, shop CASCADE;
      CREATE ROLE ${owner.name} LOGIN CREATEROLE PASSWORD 'p'; CREATE ROLE ${loader.name} LOGIN PASSWORD 'p';
      ALTER DATABASE ${new URL(lab.url).pathname.slice(1)} OWNER TO ${owner.name}`);
    const url = urlAs(lab.url, owner);
    await lab.another({}, url).target.migrate(feed);
    const asLoader = connect(urlAs(lab.url, loader));
    await connect(url).unsafe(`GRANT USAGE ON SCHEMA nightfeed TO ${loader.name};
      GRANT SELECT ON nightfeed.run TO ${loader.name}`);
    expect(await asLoader`SELECT FROM nightfeed.run`).toHaveLength(0);

    expect(await retireLogin(url, feed, loader.name)).toBe(true);

    await expect(asLoader`SELECT FROM nightfeed.run`).rejects.toMatchObject({ code: '42501' });
  });
});

/** As the steps of the version before wrote it themselves. */
const writesOfBefore = [
  `UPDATE nightfeed.run SET lease = clock_timestamp() + interval '1 hour' WHERE feed = 'shop' AND date = '2026-11-19'`,
  `UPDATE nightfeed.run SET outcomes = outcomes || '{"pull": {}}' WHERE feed = 'shop' AND date = '2026-11-19'`,
  `UPDATE nightfeed.run SET listing = 'l', look = '{}' WHERE feed = 'shop' AND date = '2026-11-19'`,
];

/** The ledger before there were logins, with the login that all steps had, and the rights that it was given then. */
async function asBeforeLogins(lab: Lab): Promise<{ name: string; url: string }> {
  const login = { name: `loader_${randomUUID().slice(0, 8)}`, password: 'p' };
  const migrations = new URL('../../../../sql/migrations/', import.meta.url);
  const files = readdirSync(migrations).sort();
  files.splice(files.indexOf('0011_logins.sql'));
  await lab.sql.unsafe(`DROP SCHEMA nightfeed, nightfeed_stage, shop CASCADE; CREATE SCHEMA nightfeed; CREATE SCHEMA nightfeed_stage;
    CREATE TABLE nightfeed.migration (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  for (const [index, name] of files.entries()) {
    await lab.sql.unsafe(readFileSync(new URL(name, migrations), 'utf8'));
    await lab.sql`INSERT INTO nightfeed.migration (version, name) VALUES (${index + 1}, ${name})`;
  }
  await lab.sql.unsafe(`CREATE ROLE ${login.name} LOGIN PASSWORD '${login.password}';
    GRANT USAGE ON SCHEMA nightfeed TO ${login.name};
    GRANT SELECT ON ALL TABLES IN SCHEMA nightfeed TO ${login.name};
    GRANT INSERT, UPDATE ON nightfeed.feed, nightfeed.run, nightfeed.applied_table, nightfeed.quarantine, nightfeed.decision,
      nightfeed.outbox TO ${login.name};
    GRANT DELETE ON nightfeed.quarantine TO ${login.name};
    GRANT EXECUTE ON FUNCTION nightfeed.begin_first_load(text, text, date), nightfeed.finish_first_load(text, text),
      nightfeed.add_text_column(text, text, text) TO ${login.name};
    GRANT USAGE, CREATE ON SCHEMA nightfeed_stage TO ${login.name}`);
  return { name: login.name, url: urlAs(lab.url, login) };
}

function connect(url: string): postgres.Sql {
  const sql = postgres(url, { onnotice: () => {}, fetch_types: false, max: 1 });
  onTestFinished(() => sql.end());
  return sql;
}
