import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { provideRoles } from '../../../../lib/adapters/warehouse/postgres/roles.ts';
import { describePostgres } from '../../../support/postgres.ts';
import { catalog, shopFeed, warehouseLab } from '../../../support/warehouse-lab.ts';

const feed = shopFeed({ catalog: { ...catalog, history: true } });

describePostgres('roles', (version) => {
  test('the loader publishes first loads and changes, and can define nothing', async () => {
    const { lab, loader, url } = await withLoader(version);
    const asLoader = lab.another({}, url);

    const first = await lab.publication('2026-11-19', {
      catalog: [
        ['1', 'a', '1.00'],
        ['2', 'b', '2.00'],
      ],
    });
    expect(await asLoader.warehouse.publish(first)).toMatchObject({ kind: 'published' });

    const sql = postgres(url, { onnotice: () => {}, max: 1 });
    onTestFinished(() => sql.end());
    for (const forbidden of [
      'ALTER TABLE shop.catalog ADD COLUMN more text',
      'DROP TABLE shop.catalog',
      'TRUNCATE shop.catalog',
      'CREATE TABLE shop.more ()',
      'CREATE TABLE nightfeed.more ()',
      'DELETE FROM nightfeed.run',
      'UPDATE nightfeed.migration SET version = 9',
      `CREATE ROLE more_${loader}`,
      "SELECT nightfeed.keyless_table('shop', 'catalog')",
    ])
      await expect(sql.unsafe(forbidden), forbidden).rejects.toMatchObject({ code: '42501' });
    expect(await sql`SELECT count(*)::integer AS runs FROM nightfeed.run`).toEqual([{ runs: 1 }]);

    await sql`SELECT nightfeed.add_text_column('shop', 'catalog', 'more')`;
    await sql`SELECT nightfeed.add_text_column('shop', 'catalog', 'more')`;
    expect(await lab.sql`SELECT count(more)::integer AS filled FROM shop.catalog_versions`).toEqual([{ filled: 0 }]);
    await expect(sql`SELECT nightfeed.add_text_column('shop', 'catalog', '_gone_since')`).rejects.toMatchObject({
      code: 'NF002',
    });
    await expect(sql`SELECT nightfeed.add_text_column('nightfeed', 'run', 'more')`).rejects.toMatchObject({
      code: 'NF001',
    });
  });

  test('the password is in no statement, and is changed by asking again', async () => {
    const { lab, loader, url, password } = await withLoader(version);
    const [stored] = await lab.sql`SELECT rolpassword FROM pg_authid WHERE rolname = ${loader}`;
    expect(stored!.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(stored!.rolpassword).not.toContain(password);

    await provideRoles(lab.url, feed, { name: loader, password: 'another' });

    await expect(lab.another({}, url).ledger.exists()).rejects.toMatchObject({ name: 'DATABASE_REFUSED' });
    const renewed = Object.assign(new URL(url), { password: 'another' }).href;
    expect(await lab.another({}, renewed).ledger.exists()).toBe(true);
  });

  test('a password that was changed meanwhile is read once more', async () => {
    const { lab, url } = await withLoader(version);
    const stale = Object.assign(new URL(url), { password: 'as it was' }).href;
    const read = [stale, url, stale, stale];
    let readings = 0;
    const changing = lab.another({}, async () => read[readings++]!);

    expect(await changing.ledger.exists()).toBe(true);
    expect(readings).toBe(2);
    await expect(lab.another({}, async () => read[readings++]!).ledger.exists()).rejects.toMatchObject({
      name: 'DATABASE_REFUSED',
    });
    expect(readings).toBe(4);
  });
});

async function withLoader(version: 15 | 17) {
  const lab = await warehouseLab(version, feed);
  const loader = `loader_${randomUUID().slice(0, 8)}`;
  const password = `pass "word" of ${loader}`;
  await Promise.all([1, 2].map(() => provideRoles(lab.url, feed, { name: loader, password })));
  const url = Object.assign(new URL(lab.url), { username: loader, password: encodeURIComponent(password) }).href;
  return { lab, loader, url, password };
}
