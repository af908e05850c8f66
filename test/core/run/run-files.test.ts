import { expect, test } from 'vitest';
import type { ArrivedFile, ArriveReceipt } from '../../../lib/core/run/arrive-receipt.ts';
import type { DiffReceipt } from '../../../lib/core/run/diff-receipt.ts';
import type { LandedFile, PullReceipt } from '../../../lib/core/run/pull-receipt.ts';
import { arrivedFiles, landedFiles, rejectedFiles } from '../../../lib/core/run/run-files.ts';

const TIME = '2026-11-20T01:02:03.000Z';
const file = (name: string, more: Partial<ArrivedFile> = {}): ArrivedFile => ({
  table: 'items',
  name,
  size: 9,
  modified: TIME,
  ...more,
});
const arrival = (...files: ArrivedFile[]) => ({ listing: 'l', files, missing: 0 }) as ArriveReceipt;
const landed = (name: string, more: Partial<LandedFile> = {}) =>
  ({
    name,
    size: 9,
    sha256: 'content',
    sent: 20,
    parts: [
      { key: 'k', rows: 3, bytes: 18 },
      { key: 'k2', rows: 1, bytes: 1 },
    ],
    ...more,
  }) as LandedFile;
const pulled = (tables: Record<string, LandedFile[]>) =>
  ({
    delivery: 'd',
    tables: Object.fromEntries(Object.entries(tables).map(([name, files]) => [name, { files }])),
  }) as unknown as PullReceipt;

test('before anything is read, a file has its name, size and time', () => {
  const odd = arrival(
    file('a.csv'),
    file('b.csv', { modified: null }),
    file('c.csv', { modified: '+012026-01-01T00:00:00.000Z' }),
  );
  expect(arrivedFiles(odd)).toEqual([
    { table: 'items', file: 'a.csv', size: 9, modified: Date.parse(TIME) },
    { table: 'items', file: 'b.csv', size: 9, modified: null },
    { table: 'items', file: 'c.csv', size: 9, modified: null },
  ]);
});

test('the sum of a file is that of its bytes at the source', () => {
  const plain = landed('a.csv', { converter: { format: 'csv', version: 1 } });
  const packed = landed('b.csv.gz', { packedSha256: 'packed' });
  const older = landed('c.csv.gz');
  const found = landedFiles(
    arrival(file('a.csv'), file('b.csv.gz'), file('c.csv.gz')),
    pulled({ items: [plain, packed, older] }),
  );
  expect(found).toMatchObject([
    { file: 'a.csv', sha256: 'content', unpackedSha256: 'content', unpacked: 20, rows: 4, format: 'csv' },
    { file: 'b.csv.gz', sha256: 'packed', unpackedSha256: 'content' },
    { file: 'c.csv.gz', unpackedSha256: 'content' },
  ]);
  expect(found[2]).not.toHaveProperty('sha256');
});

test('members stand with their archive, in the table that took them; an empty file has no rows', () => {
  const members = { taken: '*', ignored: [] };
  const files = [file('in/b.zip', { members }), file('in/b.zip', { table: 'stock', members }), file('e.csv')];
  const found = landedFiles(
    arrival(...files),
    pulled({ items: [landed('in/b.zip/x/1.csv'), landed('in/b.zip/2.csv')], stock: [landed('in/b.zip/s.csv')] }),
  );
  expect(found.map(({ table, file: name, member, rows }) => [table, name, member, rows])).toEqual([
    ['items', 'in/b.zip', 'x/1.csv', 4],
    ['items', 'in/b.zip', '2.csv', 4],
    ['stock', 'in/b.zip', 's.csv', 4],
    ['items', 'e.csv', undefined, 0],
  ]);
});

test('what is hidden in a name is written out, which PostgreSQL keeps and a terminal survives', () => {
  expect(arrivedFiles(arrival(file('a\0b\ud800\u001b.csv')))[0]!.file).toBe('a\\u{0}b\\u{d800}\\u{1b}.csv');
});

test('rejects are counted by file, for tables that have any', () => {
  const tables = { items: { rejectedIn: { 'a.csv': 2 } }, stock: {} };
  expect(rejectedFiles({ tables } as unknown as DiffReceipt)).toEqual({ items: { 'a.csv': 2 } });
});
