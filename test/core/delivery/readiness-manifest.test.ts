import { describe, expect, test } from 'vitest';
import { type Promised, parseManifest } from '../../../lib/core/delivery/manifest.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
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
} from '../../support/vendors/listings.ts';

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
