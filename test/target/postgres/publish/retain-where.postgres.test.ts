import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const kept = { ...catalog, on_delete: 'delete', retain_where: `title = 'keep' or price > 100` };
const rows = [
  ['1', 'keep', '1.00'],
  ['2', 'go', '2.00'],
  ['3', 'go', '300.00'],
  ['4', null, null],
  ['5', 'stays', '5.00'],
];
const last = rows.slice(4);
const state = 'id, title, _gone_since::text AS gone';

describePostgres('a delete policy with a condition', (version) => {
  test('keeps the vanished rows for which it is true, stamped, and deletes the others', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: kept }));
    await lab.night('2026-11-20', { catalog: rows });

    const { tables } = await lab.night('2026-11-21', { catalog: last });

    expect(tables).toEqual({ catalog: { inserted: 0, updated: 0, returned: 0, gone: 4, retained: 2 } });
    expect(await lab.rows('catalog', state)).toEqual([
      { id: 1, title: 'keep', gone: '2026-11-21' },
      { id: 3, title: 'go', gone: '2026-11-21' },
      { id: 5, title: 'stays', gone: null },
    ]);
    const [finding] = await lab.target.audit('shop');
    expect(finding!.found).toEqual(finding!.expected);
  });

  test('takes both kinds back when they return, and history covers both', async () => {
    const lab = await targetLab(version, shopFeed({ catalog: { ...kept, history: true } }));
    await lab.night('2026-11-20', { catalog: rows });
    await lab.night('2026-11-21', { catalog: last });

    const { tables } = await lab.night('2026-11-22', { catalog: rows });

    expect(tables).toMatchObject({ catalog: { inserted: 2, returned: 2, gone: 0, retained: 0 } });
    expect(await lab.target.counts(lab.feed)).toEqual({ catalog: { live: 5, gone: 0 } });
    const closed = await lab.sql`SELECT id FROM shop.catalog_history ORDER BY id`;
    expect(closed.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  test('a row that somebody else deleted is drift, whichever it is', async () => {
    for (const id of [1, 2]) {
      const lab = await targetLab(version, shopFeed({ catalog: kept }));
      await lab.night('2026-11-20', { catalog: rows });
      await lab.sql`DELETE FROM shop.catalog WHERE id = ${id}`;

      await expect(lab.night('2026-11-21', { catalog: last })).rejects.toMatchObject({ name: 'DRIFT' });

      expect(await lab.rows('catalog', 'id')).toHaveLength(4);
    }
  });
});
