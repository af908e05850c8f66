import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { changed, csv, feedOf, select, untouched, withSize } from './contract-feed.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('a column renamed', () => {
  const renamed = { 't.csv': csv('id,title,price', changed) };

  test('refuses', async () => {
    expect((await untouched(await feedOf(lab, {}), renamed)).error).toMatchObject({ name: 'HEADER_MISMATCH' });
  });

  test('holds; approved, it is read as the one in whose place it stands', async () => {
    const feed = await feedOf(lab, { renamed: 'hold' });
    expect(await untouched(feed, renamed)).toMatchObject({ state: 'held', holds: ['SCHEMA_RENAMED'] });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.rows()).toEqual(changed);
  });

  test('evolves, compared in lockstep', async () => {
    const feed = await feedOf(lab, { renamed: 'evolve' });
    expect(await feed.night(renamed)).toMatchObject({
      state: 'published',
      engine: 'lockstep',
      warnings: ['SCHEMA_EVOLVED: taken as the contract allows: "title" as "name"'],
    });
    expect(await feed.rows()).toEqual(changed);
    expect(await feed.isProved()).toBe(true);
  });

  test.each([
    ['at another place', 'id,price,title'],
    ['beside a new one', 'id,title,price,size'],
  ])('is refused %s', async (_about, header) => {
    const feed = await feedOf(lab, { renamed: 'evolve', added: 'evolve', missing: 'evolve' });
    expect((await untouched(feed, { 't.csv': csv(header, withSize) })).error).toMatchObject({
      name: 'HEADER_MISMATCH',
    });
  });
});

describe('columns in another order', () => {
  const reordered = {
    't.csv': csv(
      'price,id,name',
      changed.map(([id, name, price]) => [price!, id!, name!]),
    ),
  };

  test('bind by name', async () => {
    const feed = await feedOf(lab, {});
    expect(await feed.night(reordered)).toMatchObject({ state: 'published', warnings: [] });
    expect(await feed.rows()).toEqual(changed);
  });

  test('hold where the contract says so', async () => {
    const feed = await feedOf(lab, { reordered: 'hold' });
    expect(await untouched(feed, reordered)).toMatchObject({ state: 'held', holds: ['SCHEMA_REORDERED'] });
    expect((await feed.approve()).state).toBe('published');
    expect(await feed.rows()).toEqual(changed);
  });

  test('refuse where the contract says so', async () => {
    const feed = await feedOf(lab, { reordered: 'refuse' });
    expect((await untouched(feed, reordered)).error).toMatchObject({ name: 'SCHEMA_REORDERED' });
  });
});

describe('a column of another type', () => {
  const words = {
    't.csv': csv(
      'id,name,price',
      changed.map(([id, name, price]) => [id!, name!, `${price} EUR`]),
    ),
  };

  test('holds', async () => {
    const feed = await feedOf(lab, {}, { guards: { rejected: '100%', min_rows: 1 } });
    expect(await untouched(feed, words)).toMatchObject({ state: 'held', holds: ['ROWCOUNT_DROP', 'SCHEMA_RETYPED'] });
  });

  test('refuses where the contract says so', async () => {
    const feed = await feedOf(lab, { retyped: 'refuse' });
    expect((await untouched(feed, words)).error).toMatchObject({
      name: 'SCHEMA_RETYPED',
      message: 'the column "price" is declared as decimal(7,2); none of its first values reads as that',
    });
  });

  test('evolves: the values go beside it, as text', async () => {
    const feed = await feedOf(lab, { retyped: 'evolve' });
    expect(await feed.night(words)).toMatchObject({
      state: 'published',
      warnings: ['SCHEMA_EVOLVED: taken as the contract allows: "price_text" as text'],
      rejected: {},
    });
    expect(await feed.rows()).toEqual(changed);
    expect(await select(lab, feed, 'SELECT id::text, price_text FROM $t WHERE id IN (2, 3) ORDER BY id')).toEqual([
      ['2', null],
      ['3', '3.50 EUR'],
    ]);
    expect(await feed.isProved()).toBe(true);
  });

  test('is none while one value reads as the type, or few came', async () => {
    const one = changed.map(([id, name, price]) => [id!, name!, id === '30' ? price! : 'x']);
    const few = changed.map(([id, name]) => [id!, name!, Number(id) < 20 ? 'x' : '']);
    const feed = await feedOf(lab, { retyped: 'refuse' });
    for (const body of [one, few])
      expect(await untouched(feed, { 't.csv': csv('id,name,price', body) })).toMatchObject({
        holds: ['ROWCOUNT_DROP', 'REJECTED_LIMIT'],
      });
  });
});
