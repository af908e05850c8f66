import { describe, expect, test } from 'vitest';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { type Promised, parseManifest } from '../../../lib/core/run/manifest.ts';
import { type Look, type Readiness, readinessOf } from '../../../lib/core/run/readiness.ts';

const date = '2026-11-20';
const now = new Date('2026-11-20T02:00:00Z');
const table = (files: string) => ({ files, columns: { id: { type: 'bigint', key: true } } });
const feedOf = (
  ready: object,
  tables: object = { products: table('products_{yyyymmdd}*.csv'), stock: table('stock.csv') },
) => feedSchema.parse({ feed: 'shop', source: { folder: '.' }, ready, tables });

/** A file that was last written so many seconds before now; null when the source cannot tell. */
const file = (name: string, size = 10, age: number | null = 600) => ({
  name,
  size,
  modified: age === null ? null : new Date(now.getTime() - age * 1000).toISOString(),
});
const products = file('products_20261120.csv');
const stock = file('stock.csv');
const look = (ready: object, listed: Look['listed'], more: Partial<Look> = {}): Readiness =>
  readinessOf(feedOf(ready), date, { listed, now, ...more });
const receiptOf = (readiness: Readiness) => ('receipt' in readiness ? readiness.receipt : undefined);

describe('without marker or manifest', () => {
  test('absent until there is a file for each table; yesterday’s is none', () => {
    for (const listed of [[], [products], [stock, file('products_20261119.csv')]])
      expect(look({}, listed)).toMatchObject({ kind: 'absent', reason: expect.stringContaining('no file yet for') });
  });

  test('old files are ready at once, several of a table in the order of their names', () => {
    const more = file('products_20261120_2.csv');
    const readiness = look({}, [more, file('readme.txt'), stock, products]);
    expect(readiness.kind).toBe('ready');
    expect(receiptOf(readiness)!.files.map(({ name }) => name)).toEqual([products.name, more.name, stock.name]);
    expect(receiptOf(readiness)).toEqual(receiptOf(look({}, [products, stock, more])));
  });

  test.each([30, null, -5])('a file that may still grow (age %s) needs two looks that say the same', (age) => {
    const growing = file('stock.csv', 10, age);
    const first = look({}, [products, growing]);
    expect(first).toMatchObject({ kind: 'settling', seconds: 60 });
    const before = receiptOf(first);
    expect(look({}, [products, { ...growing, size: 11 }], { before })).toMatchObject({ kind: 'settling' });
    expect(look({}, [products, growing, file('products_20261120_2.csv')], { before })).toMatchObject({
      kind: 'settling',
    });
    expect(look({}, [products, growing], { before })).toMatchObject({ kind: 'ready' });
  });

  test('a file that fits two tables is refused', () => {
    const feed = feedOf({}, { a: table('*.csv'), b: table('stock*') });
    expect(() => readinessOf(feed, date, { listed: [stock], now })).toThrow(/fits the tables a and b/);
  });
});

test('with a marker nothing else is waited for, and nothing goes before it', () => {
  const young = [file('products_20261120.csv', 10, 1), file('stock.csv', 10, 1)];
  expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261119')])).toMatchObject({ kind: 'absent' });
  expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261120', 0, 0)])).toMatchObject({ kind: 'ready' });
});

describe('with a manifest', () => {
  const ready = { manifest: { file: 'manifest_*' } };
  const manifest = file('manifest_20261120', 50);
  const promising = (text: string): ReadonlyMap<string, Promised> =>
    parseManifest(Buffer.from(`file,size,rows\n${text}`), feedOf(ready).ready.manifest!);
  const whole = promising('products_20261120.csv,10,1\nstock.csv,10,2\nreadme.txt,5,\n');

  test('absent until it is there', () => {
    expect(look(ready, [products, stock])).toEqual({ kind: 'absent', reason: 'no manifest manifest_* yet' });
  });

  test('ready when all is there that it names for us; what it says goes along', () => {
    const readiness = look(ready, [products, stock, manifest], { promised: whole });
    expect(readiness.kind).toBe('ready');
    expect(receiptOf(readiness)!.files.map(({ promised }) => promised)).toEqual([
      { size: 10, rows: 1 },
      { size: 10, rows: 2 },
    ]);
  });

  test('absent while one of a table’s files is missing', () => {
    const promised = promising('products_20261120.csv,10,\nproducts_20261120_2.csv,10,\nstock.csv,10,\n');
    expect(look(ready, [products, stock, manifest], { promised })).toEqual({
      kind: 'absent',
      reason: '"products_20261120_2.csv" of the manifest not there yet',
    });
  });

  test('another size may still grow to it; when it does not, it is refused by name', () => {
    const promised = promising('products_20261120.csv,10,\nstock.csv,11,\n');
    const first = look(ready, [products, file('stock.csv', 10, 5), manifest], { promised });
    expect(first.kind).toBe('settling');
    expect(
      look(ready, [products, file('stock.csv', 11, 0), manifest], { promised, before: receiptOf(first) }).kind,
    ).toBe('settling');
    expect(() =>
      look(ready, [products, file('stock.csv', 10, 5), manifest], { promised, before: receiptOf(first) }),
    ).toThrow(
      expect.objectContaining({ name: 'MANIFEST_MISMATCH', message: '"stock.csv" has 10 bytes; the manifest says 11' }),
    );
  });

  test('a file that it does not name is refused by name', () => {
    const listed = [products, stock, file('products_20261120 (1).csv'), manifest];
    expect(() => look(ready, listed, { promised: whole })).toThrow(
      expect.objectContaining({
        name: 'MANIFEST_MISMATCH',
        message: expect.stringMatching(/^"products_20261120 \(1\).csv" is not in the manifest/),
      }),
    );
  });

  test('a young manifest has to settle, and other promises are another listing', () => {
    const young = file('manifest_20261120', 50, 5);
    const first = look(ready, [products, stock, young], { promised: whole });
    expect(first.kind).toBe('settling');
    const other = promising('products_20261120.csv,10,1\nstock.csv,10,3\n');
    expect(look(ready, [products, stock, young], { promised: other, before: receiptOf(first) }).kind).toBe('settling');
    expect(look(ready, [products, stock, young], { promised: whole, before: receiptOf(first) }).kind).toBe('ready');
  });

  test('two manifests are refused', () => {
    expect(() => look(ready, [products, stock, manifest, file('manifest_20261119')], { promised: whole })).toThrow(
      /fit the manifest's pattern/,
    );
  });
});
