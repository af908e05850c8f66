import { beforeEach, expect, test } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import type { Source } from '../../lib/ports/source.ts';
import { sample } from '../../lib/workflows/sample/sample.ts';
import { noLocalFile } from '../support/formats/local-file.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { zip } from '../support/vendors/zip.ts';

let delivered: Record<string, string | Buffer>;
let readBytes: number;
let isClosed: boolean;

beforeEach(() => {
  delivered = {};
  readBytes = 0;
  isClosed = false;
});

function sampled(table: object, { most = 20, only = null as string | null } = {}) {
  const feed = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { t: { files: 't*.csv', columns: { id: { type: 'bigint', key: true }, price: 'double' }, ...table } },
  });
  const inner = inMemorySource(delivered, 100);
  const source: Source = {
    ...inner,
    read(name, from) {
      const bytes = inner.read(name, from);
      bytes.on('data', (chunk: Buffer) => {
        readBytes += chunk.length;
      });
      bytes.pause();
      return bytes;
    },
    close: async () => {
      isClosed = true;
    },
  };
  const ports = { openSource: async () => source, formats, engine: { keepLocally: noLocalFile } };
  return sample({ feed, date: '2026-11-20', table: only, most }, ports);
}

const good = (row: object, raw: string, line: number, byte: number) => {
  return { row, code: null, isFiltered: false, raw, place: { line, byte } };
};

test('rows are shown as they would land, and what is rejected or left out with its reason', async () => {
  delivered['t1.csv'] = 'price,id\n1.50,1\nx,2\n"a"b,3\n,4\n2,\n';
  expect(await sampled({ drop_row_when: 'id = 4' })).toEqual([
    {
      table: 't',
      file: 't1.csv',
      columns: ['id', 'price'],
      records: [
        good({ id: '1', price: '1.5' }, '1.50,1', 2, 9),
        { row: null, code: 'FORMAT', isFiltered: false, raw: 'x,2', place: { line: 3, byte: 16 } },
        { row: null, code: 'QUOTE', isFiltered: false, raw: '"a"b,3', place: { line: 4, byte: 20 } },
        { row: null, code: null, isFiltered: true, raw: ',4', place: { line: 5, byte: 27 } },
        { row: null, code: 'KEY_MISSING', isFiltered: false, raw: '2,', place: { line: 6, byte: 30 } },
      ],
    },
  ]);
  expect(isClosed).toBe(true);
});

test('no more of a file is read than the rows need', async () => {
  delivered['t1.csv'] = `id,price\n${'1,2.5\n'.repeat(100_000)}`;
  const [found] = await sampled({}, { most: 3 });
  expect(found!.records).toHaveLength(3);
  expect(readBytes).toBeGreaterThan(0);
  expect(readBytes).toBeLessThan(300_000);
});

test('of an archive the first member is shown that the table takes', async () => {
  const member = (name: string, bytes: string) => ({ name, bytes });
  delivered['t.zip'] = zip([member('readme.txt', 'x'), member('t1.csv', 'id,price\n1,2\n')]);
  const [found] = await sampled({ files: 't.zip/t*.csv' });
  expect(found).toMatchObject({ file: 't.zip/t1.csv', records: [good({ id: '1', price: '2' }, '1,2', 2, 9)] });
});

test.each([
  [{}, { 'u.csv': 'id,price\n' }, 'LATE'],
  [{}, { 't.csv': 'id,cost\n1,2\n' }, 'HEADER_MISMATCH'],
  [{ files: 't.zip/t*.csv' }, { 't.zip': zip([{ name: 'x.csv', bytes: 'id\n' }]) }, 'ARCHIVE_SHAPE'],
])('%j of %j is %s, and the source is closed', async (table, files, name) => {
  Object.assign(delivered, files);
  await expect(sampled(table)).rejects.toMatchObject({ name });
  expect(isClosed).toBe(true);
});

test('a table that the feed does not have is named', async () => {
  await expect(sampled({}, { only: 'x' })).rejects.toMatchObject({
    name: 'USAGE',
    message: 'the feed has no table x; it has t',
  });
});
