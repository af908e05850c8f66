import { describe, expect, test } from 'vitest';
import { type Promised, parseManifest } from '../../../lib/core/delivery/manifest.ts';
import { type Look, type Readiness, readinessOf } from '../../../lib/core/delivery/readiness.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const date = '2026-11-20';
const clock = new Date('2026-11-20T02:00:00Z');
const table = (files: string) => ({ files, columns: { id: { type: 'bigint', key: true } } });
const feedOf = (
  ready: object,
  tables: object = { products: table('products_{yyyymmdd}*.csv'), stock: table('stock.csv') },
  folder = '.',
  ignore_case = false,
) => feedSchema.parse({ feed: 'shop', source: { folder, ignore_case }, ready, tables });

/** A file that was last written so many seconds before `clock`; null when the source cannot tell. */
const file = (name: string, size = 10, age: number | null = 600) => ({
  name,
  size,
  modified: age === null ? null : new Date(clock.getTime() - age * 1000).toISOString(),
});
const products = file('products_20261120.csv');
const stock = file('stock.csv');
const look = (ready: object, listed: Look['listed'], more: Partial<Look> = {}): Readiness =>
  readinessOf(feedOf(ready), date, { listed, ...more });
const receiptOf = (readiness: Readiness) => ('receipt' in readiness ? readiness.receipt : undefined);
/** As if this look had been seen for so long. */
const seenFor = (seconds: number, readiness: Readiness) => ({
  steady: { sight: 'sight' in readiness ? readiness.sight : '', seconds },
});

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

describe('with a marker', () => {
  const young = [file('products_20261120.csv', 10, 2), file('stock.csv', 10, 1)];

  test('that is dated, nothing else is waited for, and nothing goes before it', () => {
    expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261119')])).toMatchObject({ kind: 'absent' });
    expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261120', 0, 99)])).toMatchObject({
      kind: 'ready',
    });
  });

  test('in a folder of the date, too', () => {
    const feed = feedOf({ marker: '_SUCCESS' }, undefined, 'out/{date}');
    const ready = readinessOf(feed, date, { listed: [...young, file('_SUCCESS', 0, 99)] });
    expect(ready.kind).toBe('ready');
    expect(receiptOf(ready)).not.toHaveProperty('marker');
  });

  const marker = '_SUCCESS';
  const undated = (age: number | null, more: Partial<Look> = {}) =>
    look({ marker }, [...young, file(marker, 0, age)], more);

  test('without a date, it must not be older than the files, and still two looks are needed', () => {
    expect(undated(3)).toMatchObject({
      kind: 'absent',
      reason:
        'the marker "_SUCCESS" has no date and is older than "products_20261120.csv"; one that the vendor does not write anew proves nothing: put {date} into ready.marker, or take it out',
    });
    expect(undated(1.5)).toMatchObject({ kind: 'absent', reason: expect.stringContaining('older than "stock.csv"') });
    const first = undated(1);
    expect(first).toMatchObject({ kind: 'settling', seconds: 60, receipt: { marker: { name: marker } } });
    expect(undated(1, seenFor(60, first))).toMatchObject({ kind: 'ready', receipt: { marker: { name: marker } } });
    expect(undated(0, seenFor(60, first))).toMatchObject({ kind: 'settling' });
  });

  test('without a date, that of the last delivery does not count again', () => {
    for (const age of [1, 0, -5])
      expect(undated(1, { lastMarker: file(marker, 0, age) })).toMatchObject({
        kind: 'absent',
        reason:
          'the marker "_SUCCESS" has no date and was not written anew since the last delivery (to read that one again, run its own date)',
      });
    expect(undated(1, { lastMarker: file(marker, 0, 86_400) })).toMatchObject({ kind: 'settling' });
  });

  test('without a date, and without a time, it says nothing', () => {
    expect(undated(null)).toMatchObject({
      kind: 'absent',
      reason: expect.stringContaining('put {date} into ready.marker'),
    });
  });
});

describe('with a manifest', () => {
  const ready = { manifest: { file: 'manifest_{yyyymmdd}' } };
  const json = { manifest: { file: 'manifest_{yyyymmdd}', format: 'json' } };
  const manifest = file('manifest_20261120', 50);
  const promising = (text: string): ReadonlyMap<string, Promised> =>
    parseManifest(Buffer.from(`file,size,rows,md5\n${text}`), feedOf(ready).ready.manifest!);
  const whole = promising('products_20261120.csv,10,1,\nstock.csv,10,2,\nreadme.txt,5,,\n');
  const sums = promising(`products_20261120.csv,10,,${'a'.repeat(32)}\nstock.csv,10,,${'b'.repeat(32)}\n`);

  test('absent until it is there', () => {
    expect(look(ready, [products, stock])).toMatchObject({
      kind: 'absent',
      reason: 'no manifest manifest_20261120 yet',
    });
  });

  test('a JSON document proves itself whole, and the files whose size it gives', () => {
    const readiness = look(json, [products, stock, manifest], { promised: whole });
    expect(readiness.kind).toBe('ready');
    expect(receiptOf(readiness)!.files.map(({ promised }) => promised)).toEqual([
      { size: 10, rows: 1 },
      { size: 10, rows: 2 },
    ]);
  });

  test('lines have to settle, since half of them look like all', () => {
    const first = look(ready, [products, stock, manifest], { promised: whole });
    expect(first).toMatchObject({ kind: 'settling', seconds: 60 });
    expect(look(ready, [products, stock, manifest], { promised: whole, clock }).kind).toBe('ready');
    expect(look(ready, [products, stock, manifest], { promised: whole, ...seenFor(60, first) }).kind).toBe('ready');
  });

  test.each([
    ['sizes alone do not say of which day', 'manifest.json', whole, 'settling'],
    ['checksums do', 'manifest.json', sums, 'ready'],
    [
      'rows alone prove nothing',
      'manifest_{date}',
      promising('products_20261120.csv,,1,\nstock.csv,,2,\n'),
      'settling',
    ],
  ])('%s', (_what, name, promised, kind) => {
    const undated = { manifest: { file: name, format: 'json' } };
    const listed = [products, stock, file(name.replace('{date}', date), 50)];
    expect(look(undated, listed, { promised }).kind).toBe(kind);
  });

  test('absent while one of a table’s files is missing', () => {
    const promised = promising('products_20261120.csv,10,,\nproducts_20261120_2.csv,10,,\nstock.csv,10,,\n');
    expect(look(ready, [products, stock, manifest], { promised })).toMatchObject({
      kind: 'absent',
      reason: '"products_20261120_2.csv" of the manifest not there yet',
    });
  });

  test('another size may still grow to it; when it does not, it is refused by name', () => {
    const promised = promising('products_20261120.csv,10,,\nstock.csv,11,,\n');
    const first = look(json, [products, stock, manifest], { promised });
    expect(first.kind).toBe('settling');
    expect(look(json, [products, file('stock.csv', 11, 0), manifest], { promised }).kind).toBe('ready');
    expect(() => look(json, [products, stock, manifest], { promised, ...seenFor(60, first) })).toThrow(
      expect.objectContaining({ name: 'MANIFEST_MISMATCH', message: '"stock.csv" has 10 bytes; the manifest says 11' }),
    );
  });

  test('one that cannot be read may be half written; when it stays so, that is refused', () => {
    const promised = new NightfeedError('MANIFEST_INVALID', 'line 2: expected 2 fields, received 1');
    const first = look(ready, [products, stock, manifest], { promised });
    expect(first.kind).toBe('settling');
    expect(look(ready, [products, stock, { ...manifest, size: 51 }], { promised, ...seenFor(99, first) }).kind).toBe(
      'settling',
    );
    expect(() => look(ready, [products, stock, manifest], { promised, ...seenFor(60, first) })).toThrow(promised);
  });

  test('a file that it does not name is refused by name, once it has settled', () => {
    const listed = [products, stock, file('products_20261120 (1).csv'), manifest];
    const first = look(json, listed, { promised: whole });
    expect(first.kind).toBe('settling');
    expect(() => look(json, listed, { promised: whole, ...seenFor(60, first) })).toThrow(
      expect.objectContaining({
        name: 'MANIFEST_MISMATCH',
        message: expect.stringMatching(/^"products_20261120 \(1\).csv" is not in the manifest/),
      }),
    );
  });

  test('other promises are another look', () => {
    const first = look(ready, [products, stock, manifest], { promised: whole });
    const other = promising('products_20261120.csv,10,1,\nstock.csv,10,3,\n');
    expect(look(ready, [products, stock, manifest], { promised: other, ...seenFor(600, first) }).kind).toBe('settling');
  });

  test('two manifests are refused', () => {
    const any = { manifest: { file: 'manifest_*' } };
    expect(() => look(any, [products, stock, manifest, file('manifest_20261119')], { promised: whole })).toThrow(
      /fit the manifest's pattern/,
    );
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
