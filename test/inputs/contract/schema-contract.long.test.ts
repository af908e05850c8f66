import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changed, columns, csv, feedOf, rows, select, untouched, withoutPrice, withSize } from './contract-feed.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('a column more', () => {
  const more = { 't.csv': csv('id,name,price,size', withSize) };

  test('holds; approved, it is left out', async () => {
    const feed = await feedOf(lab, {});
    expect(await untouched(feed, more)).toMatchObject({ state: 'held', holds: ['SCHEMA_ADD'] });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.rows()).toEqual(changed);
  });

  test('refuses where the contract says so', async () => {
    const feed = await feedOf(lab, { added: 'refuse' });
    const night = await untouched(feed, more);
    expect([night.state, night.error?.name, night.error?.message]).toEqual([
      'refused',
      'SCHEMA_ADD',
      '"t.csv": the header has the unknown "size"; expected "id, name, price"',
    ]);
  });

  test('evolves: the table has it, and no row but a changed one is written', async () => {
    const feed = await feedOf(lab, { added: 'evolve' });
    const places = () => select(lab, feed, 'SELECT ctid::text FROM $t WHERE id <> 3 ORDER BY id');
    const before = await places();
    expect(await feed.night(more)).toMatchObject({
      state: 'published',
      warnings: ['SCHEMA_EVOLVED: taken as the contract allows: "size" as text'],
    });
    expect(await places()).toEqual(before);
    expect(await select(lab, feed, 'SELECT id::text, size FROM $t WHERE id < 5 ORDER BY id')).toEqual([
      ['1', null],
      ['2', null],
      ['3', 'size 3'],
      ['4', null],
    ]);
    const versions = 'SELECT id::text, name, size, _valid_to::text FROM $t_versions WHERE id = 3 ORDER BY _valid_from';
    expect(await select(lab, feed, versions)).toEqual([
      ['3', 'name 3', null, '2026-01-02'],
      ['3', 'new', 'size 3', null],
    ]);
    expect(await select(lab, feed, 'SELECT count(*)::int FROM $t_history')).toEqual([[1]]);

    const next = { 't.csv': csv('id,name,price,size', withSize.with(4, ['5', 'newer', '5.50', 'large'])) };
    expect(await feed.night(next)).toMatchObject({ state: 'published', engine: 'lockstep' });
    expect(await select(lab, feed, 'SELECT id::text, size FROM $t WHERE size IS NOT NULL ORDER BY id')).toEqual([
      ['3', 'size 3'],
      ['5', 'large'],
    ]);

    const gone = changed.with(4, ['5', 'without', '5.50']);
    expect(await feed.night({ 't.csv': csv('id,name,price', gone) })).toMatchObject({
      state: 'published',
      warnings: [],
    });
    expect(await select(lab, feed, 'SELECT name, size FROM $t WHERE id = 5')).toEqual([['without', 'large']]);
    expect(await feed.isProved()).toBe(true);
  });

  test('evolves on the first load, and without history', async () => {
    const all = tableOf(columns, { contract: { added: 'evolve' } });
    const feed = await lab.feed(all, more);
    expect(await select(lab, feed, 'SELECT count(size)::int FROM $t')).toEqual([[30]]);
    expect(await feed.isProved()).toBe(true);
  });

  test.each([
    ['a name of ours', '_loaded_at'],
    ['a declared name in other case', 'Name'],
    ['no name', ''],
    ['a name that PostgreSQL would cut', 'x'.repeat(64)],
  ])('holds, as it cannot evolve: %s', async (_about, name) => {
    const feed = await feedOf(lab, { added: 'evolve' });
    const night = await untouched(feed, { 't.csv': csv(`id,name,price,${name}`, withSize) });
    expect(night).toMatchObject({ state: 'held', holds: ['SCHEMA_ADD'] });
  });

  test('evolves with a hostile name', async () => {
    const feed = await feedOf(lab, { added: 'evolve' });
    const night = await feed.night({ 't.csv': csv(`id,name,price,"x""; DROP TABLE t; --"`, withSize) });
    expect(night.state, JSON.stringify(night)).toBe('published');
    expect(
      await select(lab, feed, `SELECT "x""; DROP TABLE t; --" FROM $t_versions WHERE id = 3 AND _valid_to IS NULL`),
    ).toEqual([['size 3']]);
  });

  test('stops where the table has the column with another type', async () => {
    const feed = await feedOf(lab, { added: 'evolve' });
    await select(lab, feed, 'ALTER TABLE $t ADD COLUMN size integer');
    expect((await untouched(feed, more)).error).toMatchObject({ name: 'MIGRATION_NEEDED' });
  });

  test('is refused when only some files of a table bring it', async () => {
    const feed = await feedOf(lab, { added: 'evolve' }, { files: '*.csv' });
    const files = {
      'a.csv': csv('id,name,price', changed.slice(0, 15)),
      'b.csv': csv('id,name,price,size', withSize.slice(15)),
    };
    expect((await untouched(feed, files)).error).toMatchObject({ name: 'HEADER_MISMATCH' });
  });
});

describe('a column less', () => {
  const less = { 't.csv': csv('id,name', withoutPrice) };

  test('refuses', async () => {
    expect((await untouched(await feedOf(lab, {}), less)).error).toMatchObject({ name: 'SCHEMA_MISSING' });
  });

  test('holds; approved, rows keep what they have there, and its return concerns those that lack it', async () => {
    const feed = await feedOf(lab, { missing: 'hold' });
    expect(await untouched(feed, less)).toMatchObject({ state: 'held', holds: ['SCHEMA_MISSING'] });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.rows()).toEqual(changed);
    expect(await feed.isProved()).toBe(true);
    const places = () => select(lab, feed, 'SELECT ctid::text FROM $t WHERE id NOT IN (7, 8) ORDER BY id');
    const before = await places();
    const back = changed.with(6, ['7', 'name 7', '70.00']).with(7, ['8', 'name 8', '']);
    expect(await feed.night({ 't.csv': csv('id,name,price', back) })).toMatchObject({ state: 'published' });
    expect(await feed.rows()).toEqual(back.with(7, ['8', 'name 8', null!]));
    expect(await places()).toEqual(before);
    expect(await feed.isProved()).toBe(true);
  });

  test('evolves: a new row has nothing there', async () => {
    const feed = await feedOf(lab, { missing: 'evolve' });
    const night = await feed.night({ 't.csv': csv('id,name', [...withoutPrice, ['31', 'more']]) });
    expect(night).toMatchObject({
      state: 'published',
      warnings: ['SCHEMA_EVOLVED: taken as the contract allows: no "price"'],
    });
    expect(await feed.rows()).toEqual([...changed, ['31', 'more', null]]);
    expect(await feed.isProved()).toBe(true);
  });

  test.each([
    ['the key', 'name,price', rows.map(([, name, price]) => [name!, price!]), {}],
    ['one that a filter reads', 'id,name', withoutPrice, { where: 'price > 0' }],
    [
      'one that a rule reads',
      'id,name',
      withoutPrice,
      { rules: [{ name: 'dear', check: 'price > 0', on_fail: 'warn' }] },
    ],
    [
      'one that another column is made of',
      'id,name',
      withoutPrice,
      { columns: { ...columns, twice: { type: 'decimal(9,2)', as: 'price * 2' } } },
    ],
  ])('is refused whatever the contract says: %s', async (_about, header, body, more) => {
    const feed = await feedOf(lab, { missing: 'evolve' }, more);
    expect((await untouched(feed, { 't.csv': csv(header, body) })).error).toMatchObject({ name: 'SCHEMA_MISSING' });
  });
});

describe('a column compared from now on', () => {
  const other = rows.map(([id, name]) => [id!, name!, '0.50']);

  test.each([
    ['that came all the time', { columns: { ...columns, price: { type: 'decimal(7,2)', compare: false } } }],
    ['that the feed file left out', { columns: { ...columns, price: { type: 'decimal(7,2)', store: false } } }],
  ])('%s: what production kept is what counts', async (_about, less) => {
    const feed = await feedOf(lab, {});
    await feed.change(tableOf(columns, { history: true, ...less }));
    expect(await feed.night({ 't.csv': csv('id,name,price', other) })).toMatchObject({ state: 'published' });
    expect((await select(lab, feed, 'SELECT price::text FROM $t WHERE id = 9'))[0]).toEqual(['9.50']);
    await feed.change(tableOf(columns, { history: true }));
    expect(await feed.night({ 't.csv': csv('id,name,price', other) })).toMatchObject({ holds: ['MASS_UPDATE'] });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.rows()).toEqual(other);
    expect(await feed.isProved()).toBe(true);
  });
});
