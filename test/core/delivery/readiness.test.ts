import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../../lib/core/delivery/manifest.ts';
import { type Look, readinessOf } from '../../../lib/core/delivery/readiness.ts';
import {
  clock,
  date,
  feedOf,
  file,
  look,
  products,
  receiptOf,
  seenFor,
  stock,
  table,
} from '../../support/vendors/listings.ts';

describe('without marker or manifest', () => {
  test('absent until there is a file for each table; yesterday’s is none', () => {
    for (const listed of [[], [products], [stock, file('products_20261119.csv')]])
      expect(look({}, listed)).toMatchObject({ kind: 'absent', reason: expect.stringContaining('no file yet for') });
  });

  test('several files of a table, in the order of their names', () => {
    const more = file('products_20261120_2.csv');
    const readiness = look({}, [more, file('readme.txt'), stock, products]);
    expect(receiptOf(readiness)!.files.map(({ name }) => name)).toEqual([products.name, more.name, stock.name]);
    expect(readiness).toEqual(look({}, [products, stock, more]));
  });

  // The vendor's clock may show another zone's time: half a file looked two hours old.
  test.each([7200, 600, 30, 0, -7200, null])('a file of age %s needs two looks that say the same', (age) => {
    const growing = file('stock.csv', 10, age);
    const first = look({}, [products, growing]);
    expect(first).toMatchObject({ kind: 'settling', seconds: 60 });

    expect(look({}, [products, growing], seenFor(20.5, first))).toMatchObject({ kind: 'settling', seconds: 40 });
    expect(look({}, [products, growing], seenFor(59.9, first))).toMatchObject({ kind: 'settling', seconds: 1 });
    expect(look({}, [products, growing], seenFor(60, first))).toMatchObject({ kind: 'ready' });
    for (const other of [
      { ...growing, size: 11 },
      { ...growing, modified: '2026-11-20T00:00:01.000Z' },
    ])
      expect(look({}, [products, other], seenFor(600, first))).toMatchObject({ kind: 'settling', seconds: 60 });
    const more = file('products_20261120_2.csv');
    expect(look({}, [products, growing, more], seenFor(600, first))).toMatchObject({ kind: 'settling', seconds: 60 });
  });

  test('the clock that stamps the files tells their age', () => {
    expect(look({}, [products, stock], { clock })).toMatchObject({ kind: 'ready' });
    for (const age of [59, 0, -30, null])
      expect(look({}, [products, file('stock.csv', 10, age)], { clock })).toMatchObject({ kind: 'settling' });
  });

  test('stable 0s asks for one look, and tells it from a proof', () => {
    expect(look({ stable: '0s' }, [products, file('stock.csv', 10, 0)])).toMatchObject({
      kind: 'ready',
      unproven: true,
    });
    const proven = look({ stable: '0s', marker: 'done_{yyyymmdd}' }, [products, stock, file('done_20261120')]);
    expect(proven).toMatchObject({ kind: 'ready' });
    expect(proven).not.toHaveProperty('unproven');
  });

  test('a file that fits two tables is refused', () => {
    const feed = feedOf({}, { a: table('*.csv'), b: table('stock*') });
    expect(() => readinessOf(feed, date, { listed: [stock] })).toThrow(/fits the tables a and b/);
  });
});

test('what all files of a night are hashed to stays, so that an unchanged night stays unchanged after an upgrade', () => {
  expect(receiptOf(look({}, [products, stock]))!.listing).toBe('832e473391e6fc64');
});

describe('where a table takes the newest generation', () => {
  const tables = { products: { ...table('products_{yyyymmdd}_*.csv'), pick: 'newest' } };
  const older = file('products_20261118_1.csv');
  const one = file('products_20261119_1.csv');
  const two = file('products_20261119_2.csv');
  const newest = (listed: Look['listed'], ready: object = {}, more: Partial<Look> = {}) =>
    readinessOf({ ...feedOf(ready, tables), expect: 2 }, date, { listed, clock, ...more });

  test('listing, count and time see what is taken; the others are named', () => {
    const receipt = receiptOf(newest([older, one, two]))!;
    expect(receipt).toMatchObject({ files: [one, two], missing: 0, leftOut: [{ name: older.name, why: 'older' }] });
    const young = file(older.name, 99, 1);
    const again = newest([young, one, two]);
    expect([again.kind, receiptOf(again)!.listing]).toEqual(['ready', receipt.listing]);
    expect(receiptOf(newest([one]))!.missing).toBe(1);
  });

  test('absent, in words, while production holds what is there', () => {
    const files = [older, one].map((each) => ({ ...each, table: 'products' }));
    expect(newest([older, one], {}, { holding: { date: '2026-11-19', files: files.slice(1) } })).toMatchObject({
      kind: 'absent',
      reason: 'no file yet for products (production has held "products_20261119_1.csv", the newest, since 2026-11-19)',
    });
  });

  test('of a manifest only what it says of this generation counts', () => {
    const ready = { manifest: { file: 'manifest.csv' } };
    const seen = (names: readonly string[]) => {
      const promised = new Map(names.map((name) => [name, { size: 10 }]));
      return newest([older, one, file('manifest.csv')], ready, { promised });
    };
    expect(seen([one.name]).kind).toBe('ready');
    expect(seen([one.name, 'products_20261118_2.csv', 'products_20261121_1.csv']).kind).toBe('ready');
    for (const awaited of [two.name, 'products_20261120_1.csv'])
      expect(seen([one.name, awaited])).toMatchObject({
        kind: 'absent',
        reason: `${JSON.stringify(awaited)} of the manifest not there yet`,
      });
    expect(() => seen([older.name])).toThrow(expect.objectContaining({ name: 'MANIFEST_MISMATCH' }));
  });
});

describe('where upper and lower case are the same', () => {
  const ready = { marker: 'Done_{date:DD-MON-YYYY}', manifest: { file: 'Manifest_{yyyymmdd}.csv' } };
  const insensitive = (listed: Look['listed'], more: Partial<Look> = {}) =>
    readinessOf(feedOf(ready, undefined, '.', true), date, { listed, ...more });
  const listed = [
    file('PRODUCTS_20261120.CSV'),
    file('Stock.csv'),
    file('done_20-nov-2026', 0),
    file('MANIFEST_20261120.CSV', 50),
  ];
  const promised = parseManifest(
    Buffer.from('file,size\nproducts_20261120.csv,10\nSTOCK.CSV,10\n'),
    feedOf(ready).ready.manifest!,
  );

  test('files, marker and manifest are found, and keep their names', () => {
    const found = insensitive(listed, { promised });
    expect(found.kind).toBe('ready');
    expect(receiptOf(found)!.files).toMatchObject([
      { name: 'PRODUCTS_20261120.CSV', promised: { size: 10 } },
      { name: 'Stock.csv', promised: { size: 10 } },
    ]);
    expect(look(ready, listed, { promised })).toMatchObject({ kind: 'absent' });
  });

  test.each([
    ['files', [...listed, file('STOCK.csv')], promised],
    ['markers', [...listed, file('DONE_20-nov-2026')], promised],
    ['promises', listed, new Map([...promised, ['stock.csv', { size: 11 }] as const])],
  ])('two %s that differ in nothing else are refused', (_what, there, says) => {
    expect(() => insensitive(there, { promised: says })).toThrow(
      expect.objectContaining({ name: 'AMBIGUOUS_FILE', message: expect.stringContaining('differ only in case') }),
    );
  });
});
