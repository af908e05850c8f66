import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { publicationOf } from '../../../support/postgres/publication.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const rows = [
  ['1', 'one', '1.00'],
  ['2', 'two', '2.00'],
];

describePostgres('first load', (version) => {
  const newLab = () => targetLab(version, shopFeed({ catalog }));

  test('goes straight into the table, without a stage, and leaves key and columns as declared', async () => {
    const lab = await newLab();
    const stages: unknown[] = [];
    const watching = lab.another({
      reach: async () =>
        void stages.push(...(await lab.sql`SELECT FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace`)),
    });

    await watching.target.publish(await lab.publication('2026-11-20', { catalog: rows }));

    expect(stages).toEqual([]);
    expect(
      await lab.sql`SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'shop.catalog'::regclass AND contype = 'p'`,
    ).toEqual([{ key: 'PRIMARY KEY (id)' }]);
    const defaults =
      await lab.sql`SELECT column_name FROM information_schema.columns WHERE table_schema = 'shop' AND column_default IS NOT NULL`;
    expect(defaults).toEqual([{ column_name: '_loaded_at' }]);
    expect(
      await lab.rows('catalog', `id, _first_seen::text AS first, _last_changed::text AS changed, _gone_since AS gone`),
    ).toEqual([
      { id: 1, first: '2026-11-20', changed: '2026-11-20', gone: null },
      { id: 2, first: '2026-11-20', changed: '2026-11-20', gone: null },
    ]);
  });

  test('gives the key also to a delivery without rows', async () => {
    const lab = await newLab();

    await lab.night('2026-11-20', { catalog: [] });

    expect(await hasKey(lab)).toBe(true);
    expect(await lab.night('2026-11-21', { catalog: rows })).toMatchObject({ tables: { catalog: { inserted: 2 } } });
  });

  test('of one new table is part of the night of the others', async () => {
    const lab = await newLab();
    await lab.night('2026-11-20', { catalog: rows });
    const feed = shopFeed({ catalog, stock: { files: 's*', columns: { sku: { type: 'text', key: true } } } });
    await lab.target.migrate(feed);
    const { run, fence } = await lab.open('2026-11-21');
    const tables = { catalog: { base: rows, next: rows.slice(1) }, stock: { base: [], next: [['a'], ['b']] } };

    await lab.target.publish(publicationOf({ feed, run, fence, base: '2026-11-20-r1', delivery: 'd2', tables }));

    expect(await lab.target.counts(feed)).toEqual({ catalog: { live: 1, gone: 1 }, stock: { live: 2, gone: 0 } });
  });

  test('does not overwrite rows that somebody put into the new table', async () => {
    const lab = await newLab();
    await lab.sql`INSERT INTO shop.catalog (id, _first_seen, _last_changed) VALUES (1, '2026-01-01', '2026-01-01')`;

    await expect(lab.night('2026-11-20', { catalog: rows })).rejects.toMatchObject({
      name: 'DRIFT',
      message: 'shop.catalog: 1 of 2 new keys are there already',
    });

    await lab.sql`UPDATE shop.catalog SET _gone_since = '2026-01-02'`;
    expect(await lab.night('2026-11-20', { catalog: rows })).toMatchObject({
      tables: { catalog: { inserted: 1, returned: 1 } },
    });
    expect(await hasKey(lab)).toBe(true);
  });

  test('refuses a table that is filled between the look and the lock', async () => {
    const lab = await newLab();
    const racing = lab.another({
      reach: async (point) => {
        if (point === 'publish.staged')
          await lab.sql`INSERT INTO shop.catalog (id, _first_seen, _last_changed) VALUES (9, now(), now())`;
      },
    });

    await expect(racing.target.publish(await lab.publication('2026-11-20', { catalog: rows }))).rejects.toMatchObject({
      name: 'DRIFT',
    });
    expect(await lab.rows('catalog', 'id')).toEqual([{ id: 9 }]);
  });

  test('refuses a key that comes twice and a row that is lost', async () => {
    const lab = await newLab();
    const twice = await lab.publication('2026-11-20', { catalog: [...rows, rows[0]!] });
    const short = await lab.publication('2026-11-20', { catalog: rows });
    const receipt = { ...short.receipt, tables: twice.receipt.tables };

    await expect(lab.target.publish({ ...twice, fence: short.fence })).rejects.toMatchObject({
      name: 'PROOF_FAILED',
      message: expect.stringContaining('twice'),
    });
    await expect(lab.target.publish({ ...short, receipt })).rejects.toMatchObject({ name: 'PROOF_FAILED' });
    expect(await lab.rows('catalog')).toEqual([]);
    expect(await hasKey(lab)).toBe(false);
  });

  test('the owner’s functions serve only fresh tables of ours', async () => {
    const lab = await newLab();
    await lab.sql`CREATE TABLE shop.foreign_table (id int, _first_seen date, _last_changed date)`;
    const call = (table: string) =>
      lab.sql`SELECT nightfeed.begin_first_load('shop', ${table}, '2026-11-20')`.catch((error) => error.message);

    expect(await call('foreign_table')).toBe('shop.foreign_table is no table of nightfeed');
    expect(await call('nowhere')).toBe('shop.nowhere is no table of nightfeed');
    await lab.night('2026-11-20', { catalog: rows });
    expect(await call('catalog')).toBe('shop.catalog has its primary key already');
  });
});

async function hasKey(lab: Lab): Promise<boolean> {
  const found = await lab.sql`SELECT FROM pg_index WHERE indrelid = 'shop.catalog'::regclass AND indisprimary`;
  return found.length > 0;
}
