import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { expectProved, first, second } from './two-nights.ts';

const plain = 'id, title, price::text AS price';
const dates = `id, _first_seen::text AS first, _last_changed::text AS changed, _gone_since::text AS gone`;

describePostgres('publish', (version) => {
  test('applies inserted, updated and gone rows, and keeps the gone ones stamped', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));

    expect(await lab.night('2026-11-20', { catalog: first })).toEqual(published({ inserted: 3 }));
    expect(await lab.night('2026-11-21', { catalog: second })).toEqual(published({ inserted: 1, updated: 1, gone: 1 }));

    expect(await lab.rows('catalog', plain)).toEqual([
      { id: 1, title: 'uno', price: '1.00' },
      { id: 2, title: null, price: '2.50' },
      { id: 3, title: 'three', price: '-3.00' },
      { id: 4, title: 'four', price: null },
    ]);
    expect(await lab.rows('catalog', dates)).toEqual([
      { id: 1, first: '2026-11-20', changed: '2026-11-21', gone: null },
      { id: 2, first: '2026-11-20', changed: '2026-11-20', gone: '2026-11-21' },
      { id: 3, first: '2026-11-20', changed: '2026-11-20', gone: null },
      { id: 4, first: '2026-11-21', changed: '2026-11-21', gone: null },
    ]);
    expect(await lab.target.counts(lab.feed)).toEqual({ catalog: { live: 3, gone: 1 } });
    await expectProved(lab);
    expect(await lab.sql`SELECT relname FROM pg_class WHERE relnamespace = 'nightfeed_stage'::regnamespace`).toEqual(
      [],
    );
  });

  test('deletes gone rows when the feed says so', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, on_delete: 'delete' } }));
    await lab.night('2026-11-20', { catalog: first });

    expect(await lab.night('2026-11-21', { catalog: second })).toEqual(published({ inserted: 1, updated: 1, gone: 1 }));

    expect((await lab.rows('catalog', 'id')).map((row) => row.id)).toEqual([1, 3, 4]);
    await expectProved(lab);
  });

  test('takes a stamped row back, though the feed deletes by now', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: first });
    await lab.night('2026-11-21', { catalog: second });
    const publication = await lab.publication('2026-11-22', { catalog: [...second, ['2', 'back', '2.50']] });

    const outcome = await lab.target.publish({
      ...publication,
      feed: shopFeed({ catalog: { ...catalog, on_delete: 'delete' } }),
    });

    expect(outcome).toEqual(published({ returned: 1 }));
    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 2,
      first: '2026-11-20',
      changed: '2026-11-22',
      gone: null,
    });
  });

  test('tells a row that returns from a new one', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: first });
    await lab.night('2026-11-21', { catalog: second });

    expect(await lab.night('2026-11-22', { catalog: [...second, ['2', 'back', '2.50'], ['5', 'five', null]] })).toEqual(
      published({ inserted: 1, returned: 1 }),
    );

    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 2,
      first: '2026-11-20',
      changed: '2026-11-22',
      gone: null,
    });
    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 5,
      first: '2026-11-22',
      changed: '2026-11-22',
      gone: null,
    });
    await expectProved(lab);
  });

  test('writes a correction of the same date over its first version', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, history: true } }));
    await lab.night('2026-11-20', { catalog: first });
    await lab.night('2026-11-21', { catalog: second });
    const { run } = await lab.open('2026-11-21', { after: { feed: 'shop', date: '2026-11-21', revision: 1 } });

    await lab.night('2026-11-21', { catalog: first });

    expect(run.revision).toBe(2);
    expect((await lab.ledger.applied('shop'))!.run).toEqual(run);
    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 4,
      first: '2026-11-21',
      changed: '2026-11-21',
      gone: '2026-11-21',
    });
    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 2,
      first: '2026-11-20',
      changed: '2026-11-21',
      gone: null,
    });
    expect(await versions(lab)).toEqual([
      [1, 'one', '2026-11-20', '2026-11-21'],
      [1, 'one', '2026-11-21', null],
      [2, null, '2026-11-20', '2026-11-21'],
      [2, null, '2026-11-21', null],
      [3, 'three', '2026-11-20', null],
    ]);
  });

  test.each(['retain', 'delete'])(
    'keeps closed and open versions without overlap (on_delete: %s)',
    async (on_delete) => {
      const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, history: true, on_delete } }));
      await lab.night('2026-11-20', { catalog: first });
      await lab.night('2026-11-21', { catalog: second });
      await lab.night('2026-11-23', {
        catalog: [
          ['2', 'back', '2.50'],
          ['3', 'three', '-3.00'],
        ],
      });
      await lab.night('2026-11-24', {
        catalog: [
          ['2', 'again', '2.50'],
          ['3', 'three', '-3.00'],
        ],
      });

      expect(await versions(lab)).toEqual([
        [1, 'one', '2026-11-20', '2026-11-21'],
        [1, 'uno', '2026-11-21', '2026-11-23'],
        [2, null, '2026-11-20', '2026-11-21'],
        [2, 'back', '2026-11-23', '2026-11-24'],
        [2, 'again', '2026-11-24', null],
        [3, 'three', '2026-11-20', null],
        [4, 'four', '2026-11-21', '2026-11-23'],
      ]);
    },
  );

  test('writes a column without comparison only along with others', async () => {
    const columns = { ...catalog.columns, title: { type: 'text', compare: false } };
    const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, columns } }));
    await lab.night('2026-11-20', { catalog: first });

    expect(
      await lab.night('2026-11-21', {
        catalog: [
          ['1', 'new', '1.00'],
          ['2', 'new', '9.00'],
          ['3', 'new', '-3.00'],
        ],
      }),
    ).toEqual(published({ updated: 1 }));

    expect((await lab.rows('catalog', plain)).map((row) => row.title)).toEqual(['one', 'new', 'three']);
    await expectProved(lab);
  });

  test('publishes a night without changes and moves the applied state on', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    await lab.night('2026-11-20', { catalog: first });

    expect(await lab.night('2026-11-21', { catalog: first })).toEqual(published({}));

    expect(await lab.ledger.applied('shop')).toMatchObject({
      run: { feed: 'shop', date: '2026-11-21', revision: 1 },
      delivery: '2026-11-21-r1',
      tables: { catalog: { snapshot: 'catalog-2026-11-21-r1', fingerprint: { rows: 3 } } },
    });
    expect(await lab.rows('catalog', dates)).toContainEqual({
      id: 1,
      first: '2026-11-20',
      changed: '2026-11-20',
      gone: null,
    });
  });
});

function published(counts: Partial<Record<'inserted' | 'updated' | 'returned' | 'gone', number>>) {
  return { kind: 'published', tables: { catalog: { inserted: 0, updated: 0, returned: 0, gone: 0, ...counts } } };
}

async function versions(lab: Lab): Promise<unknown[][]> {
  const rows = await lab.sql`
    SELECT id, title, _valid_from::text AS start, _valid_to::text AS "end" FROM shop.catalog_versions ORDER BY id, _valid_from`;
  return rows.map(({ id, title, start, end }) => [id, title, start, end]);
}
