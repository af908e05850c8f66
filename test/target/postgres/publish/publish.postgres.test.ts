import { expect, test } from 'vitest';
import { describePostgres } from '../../../support/postgres/postgres.ts';
import { catalog, type Lab, shopFeed, targetLab } from '../../../support/postgres/target-lab.ts';

const plain = 'id, title, price::text AS price';
const dates = `id, _first_seen::text AS first, _last_changed::text AS changed, _gone_since::text AS gone`;

const first = [
  ['1', 'one', '1.00'],
  ['2', null, '2.50'],
  ['3', 'three', '-3.00'],
];
/** 1 changes, 2 goes, 3 stays, 4 is new. */
const second = [
  ['1', 'uno', '1.00'],
  ['3', 'three', '-3.00'],
  ['4', 'four', null],
];

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

  test('a column may have any name that our statements use', async () => {
    const names = ['t', 's', 'p', 'old', 'new', 'place', '_old', '_place', 'written', 'v0'];
    const columns = { id: { type: 'integer', key: true }, ...Object.fromEntries(names.map((name) => [name, 'text'])) };
    const lab = await targetLab(version, shopFeed({ catalog: { ...catalog, columns } }));
    const row = (id: number, text: string) => [String(id), ...names.map(() => text)];
    await lab.night('2026-11-20', { catalog: [row(1, 'a'), row(2, 'a')] });
    await lab.night('2026-11-21', { catalog: [row(1, 'b'), row(3, 'b')] });
    await lab.night('2026-11-22', { catalog: [row(1, 'b'), row(2, 'c'), row(3, 'b')] });

    const live = await lab.sql`SELECT id, _old, _place, old FROM shop.catalog WHERE _gone_since IS NULL ORDER BY id`;
    expect([...live].map((found) => Object.values(found).join(' '))).toEqual(['1 b b b', '2 c c c', '3 b b b']);
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

  test('joins composite keys of any name and type, whatever stands in the text', async () => {
    const odd = {
      'a"b; DROP TABLE x --': { type: 'text', key: true },
      kind: { type: 'timestamptz', key: true },
      s: 'text',
      'Größe 📏': 'text',
    };
    const lab = await targetLab(version, shopFeed({ odd: { files: '*', columns: odd, history: true } }));
    const nasty = ['\\.', 'tab\there', 'line\nend\r', '\\N', "'; DROP TABLE shop.odd; --", '€"\\', '', ' '];
    const at = '2026-11-20T10:00:00+02:00';
    await lab.night('2026-11-20', { odd: nasty.map((text) => [text, at, text, 'x']) });

    expect(await lab.night('2026-11-21', { odd: nasty.slice(1).map((text) => [text, at, text, text]) })).toMatchObject({
      tables: { odd: { inserted: 0, updated: 7, gone: 1 } },
    });
    expect(await lab.night('2026-11-22', { odd: nasty.map((text) => [text, at, null, text]) })).toMatchObject({
      tables: { odd: { inserted: 0, updated: 7, returned: 1, gone: 0 } },
    });

    const rows = await lab.sql<Record<string, unknown>[]>`SELECT * FROM shop.odd`;
    expect(rows.map((row) => row['a"b; DROP TABLE x --']).sort()).toEqual([...nasty].sort());
    expect(rows.every((row) => row['Größe 📏'] === row['a"b; DROP TABLE x --'])).toBe(true);
    await expectProved(lab);
  });

  test('keeps a table of keys alone', async () => {
    const lab = await targetLab(
      version,
      shopFeed({ codes: { files: '*', columns: { code: { type: 'uuid', key: true } } } }),
    );
    const [a, b] = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-22222222222A'];
    await lab.night('2026-11-20', { codes: [[a!]] });
    await lab.night('2026-11-21', { codes: [[b!]] });

    expect(await lab.night('2026-11-22', { codes: [[a!], [b!]] })).toMatchObject({
      tables: { codes: { inserted: 0, returned: 1 } },
    });
    await expectProved(lab);
  });
});

function published(counts: Partial<Record<'inserted' | 'updated' | 'returned' | 'gone', number>>) {
  return { kind: 'published', tables: { catalog: { inserted: 0, updated: 0, returned: 0, gone: 0, ...counts } } };
}

async function expectProved(lab: Lab): Promise<void> {
  for (const { expected, found } of await lab.target.audit('shop')) expect(found).toEqual(expected);
}

async function versions(lab: Lab): Promise<unknown[][]> {
  const rows = await lab.sql`
    SELECT id, title, _valid_from::text AS start, _valid_to::text AS "end" FROM shop.catalog_versions ORDER BY id, _valid_from`;
  return rows.map(({ id, title, start, end }) => [id, title, start, end]);
}

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
