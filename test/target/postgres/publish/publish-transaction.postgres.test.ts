import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';
import { first, second } from './two-nights.ts';

describePostgres('the transaction of a publication', (version) => {
  test('ends the run, overtakes older unfinished ones, each with one message, all with the data', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const held = await lab.open('2026-11-19');
    const message = {
      id: 'held',
      run: 'shop/2026-11-19',
      state: 'held',
      changeSet: 'x',
      subject: '',
      tables: {},
      holds: [],
      warnings: [],
      error: null,
    } as const;
    await lab.ledger.stop(held.run, held.fence, { state: 'held', error: null, holds: [], message });

    await lab.night('2026-11-20', { catalog: first });

    const runs = await lab.ledger.runs({ feed: 'shop', limit: 10 });
    expect(runs.map(({ run, state }) => [run.date, state])).toEqual([
      ['2026-11-20', 'published'],
      ['2026-11-19', 'superseded'],
    ]);
    expect(runs[0]).toMatchObject({
      delivery: '2026-11-20-r1',
      changeSet: 'changes-2026-11-20-r1',
      tables: { catalog: { inserted: 3, updated: 0, returned: 0, gone: 0 } },
      endedAt: expect.any(Date),
    });
    expect((await lab.ledger.outbox()).map((each) => each.message)).toEqual([
      message,
      expect.objectContaining({ id: 'shop/2026-11-19:superseded:-', run: 'shop/2026-11-19', state: 'superseded' }),
      expect.objectContaining({ run: 'shop/2026-11-20', state: 'published', changeSet: 'changes-2026-11-20-r1' }),
    ]);
  });

  test('writes as many rows as changed', async () => {
    const lab = await targetLab(version, shopFeed({ catalog }));
    const many = Array.from({ length: 2000 }, (_, index) => [`${index}`, `title ${index}`, '1.00']);
    await lab.night('2026-11-20', { catalog: many });
    const before = await writes(lab);

    await lab.night('2026-11-21', { catalog: [['0', 'new', null], ...many.slice(1, -2), ['3000', 'new', null]] });

    const after = await writes(lab);
    expect({
      inserted: after.inserted - before.inserted,
      updated: after.updated - before.updated,
      deleted: after.deleted - before.deleted,
    }).toEqual({
      inserted: 1,
      updated: 3,
      deleted: 0,
    });
  });

  test('publishes all tables or none to a reader, and does not block it', async () => {
    const feed = shopFeed({
      catalog,
      stock: { files: 's*.csv', columns: { sku: { type: 'text', key: true }, count: 'bigint' } },
    });
    const lab = await targetLab(version, feed);
    await lab.night('2026-11-20', { catalog: first, stock: [['a', '1']] });
    const seen: unknown[] = [];
    const look = async () => {
      const [row] = await lab.sql`
        SELECT (SELECT title FROM shop.catalog WHERE id = 1) AS title, (SELECT count FROM shop.stock WHERE sku = 'a') AS count`;
      seen.push([row!.title, row!.count]);
    };
    const busy = lab.another({ reach: look });
    const publication = await lab.publication('2026-11-21', { catalog: second, stock: [['a', '2']] });

    await busy.target.publish(publication);

    expect(seen.slice(0, 3)).toEqual([
      ['one', '1'],
      ['one', '1'],
      ['one', '1'],
    ]);
    expect(seen.at(-1)).toEqual(['uno', '2']);
  });
});

async function writes(lab: Lab): Promise<{ inserted: number; updated: number; deleted: number }> {
  const read = () => lab.sql<{ inserted: number; updated: number; deleted: number }[]>`
    SELECT n_tup_ins::int AS inserted, n_tup_upd::int AS updated, n_tup_del::int AS deleted
    FROM pg_stat_user_tables WHERE schemaname = 'shop' AND relname = 'catalog'`;
  // A backend reports its numbers when it ends, which is after its client's close.
  let last = await read();
  for (let same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = await read();
    same = JSON.stringify(next) === JSON.stringify(last) ? same + 1 : 0;
    last = next;
  }
  return last[0]!;
}
