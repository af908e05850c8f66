import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quarantinedRecords } from '../../../lib/workflows/quarantine.ts';
import { type PlacedRecord, withPlaces } from '../../../lib/workflows/quarantine-places.ts';
import { parquetOf } from '../../support/formats/parquet.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import type { Files } from '../../support/nights/intake-night.ts';
import { zip } from '../../support/vendors/zip.ts';
import { columns } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
/** Rows of three columns, of which some have a price that is none. */
const rowsOf = (from: number, to: number, bad: readonly number[]) =>
  Array.from({ length: to - from }, (_, at) => from + at).map((id) => {
    return { id, name: `größe\n${id}`, price: bad.includes(id) ? 'many' : `${id % 1000}.50` };
  });
const csvOf = (rows: ReturnType<typeof rowsOf>, end = '\n') =>
  `id,name,price${end}${rows.map(({ id, name, price }) => `${id},"${name}",${price}${end}`).join('')}`;
const ndjsonOf = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function afterNights(table: Record<string, unknown>, first: Files, second: Files) {
  const feed = await lab.feed(tableOf(columns, table), first);
  expect(await feed.night(second)).toMatchObject({ state: 'published' });
  return { feed, shown: await shown(feed) };
}

async function shown({ feed, date }: IntakeFeed): Promise<PlacedRecord[]> {
  const run = { feed: feed.feed, date, revision: 1 };
  const found: PlacedRecord[] = [];
  for await (const record of withPlaces(quarantinedRecords({ run }, lab.ports), lab.ports)) found.push(record);
  return found;
}

test('rejects of several files, packed or not, name the byte and line in each file as it unpacks', async () => {
  const files = (bad: readonly number[]) => ({
    't1.csv': Buffer.from(csvOf(rowsOf(1, 3000, bad))),
    't2.csv.gz': gzipSync(csvOf(rowsOf(3000, 6000, bad), '\r\n')),
  });
  const { shown } = await afterNights({ files: 't*.csv*' }, files([]), files([2, 2000, 3500, 5999]));
  expect(shown.map(({ key, file, place, unplaced }) => [key, file, place?.line, unplaced])).toEqual([
    ['2', 't1.csv', 4, null],
    ['2000', 't1.csv', 4000, null],
    ['3500', 't2.csv.gz', 1002, null],
    ['5999', 't2.csv.gz', 6000, null],
  ]);
  const sent = files([2, 2000, 3500, 5999]);
  for (const { key, file, place, length } of shown) {
    const bytes = file === 't1.csv' ? sent['t1.csv'] : gunzipSync(sent['t2.csv.gz']);
    expect(bytes.toString('utf8', place!.byte, place!.byte! + length)).toMatch(
      new RegExp(`^${key},"größe\n${key}",many\r?\n$`),
    );
  }
});

test('rejects of archive members in UTF-16 name the member, and its byte in UTF-16', async () => {
  const members = (bad: readonly number[]) => ({
    't1.csv': utf16(csvOf(rowsOf(1, 2000, bad), '\r\n')),
    't2.csv': utf16(csvOf(rowsOf(2000, 4000, bad), '\r\n')),
  });
  const packed = (of: ReturnType<typeof members>) => ({
    't.zip': zip(Object.entries(of).map(([name, bytes]) => ({ name, bytes }))),
  });
  const sent = members([1500, 2500]);
  const { shown } = await afterNights(
    { files: 't.zip/t*.csv', format: { encoding: 'utf-16' } },
    packed(members([])),
    packed(sent),
  );
  expect(shown.map(({ file, place }) => [file, place?.line])).toEqual([
    ['t.zip/t1.csv', 3000],
    ['t.zip/t2.csv', 1002],
  ]);
  for (const { file, key, place } of shown) {
    const bytes = sent[file.slice('t.zip/'.length) as keyof typeof sent];
    expect(bytes.toString('utf16le', place!.byte).startsWith(`${key},"größe\n${key}",many\r\n`)).toBe(true);
  }
});

test('rejects of JSON name line and byte of the object, be it none', async () => {
  const lines = ndjsonOf(rowsOf(1, 3000, [2000])).replace('"id":1000,', '"id":1000 ');
  const { shown } = await afterNights(
    { format: { type: 'ndjson' } },
    { 't.csv': ndjsonOf(rowsOf(1, 3000, [])) },
    { 't.csv': lines },
  );
  expect(shown.map(({ code, place }) => [code, place?.line])).toEqual([
    ['SYNTAX', 1000],
    ['FORMAT', 2000],
  ]);
  const bytes = Buffer.from(lines);
  expect(shown.map(({ place }) => bytes.toString('utf8', place!.byte, place!.byte! + 10))).toEqual([
    '{"id":1000',
    '{"id":2000',
  ]);
});

test('rejects of Parquet name row group and row', async () => {
  const parquet = (bad: number) =>
    parquetOf(
      `SELECT i AS id, 'x' AS name, if(i = ${bad}, 'many', '1.50') AS price FROM range(1, 5001) t(i)`,
      'ROW_GROUP_SIZE 2048',
    );
  const { shown } = await afterNights(
    { format: { type: 'parquet' } },
    { 't.csv': await parquet(0) },
    { 't.csv': await parquet(4100) },
  );
  expect(shown.map(({ place }) => place)).toEqual([{ row_group: 3, row: 4100 }]);
});

test('without the vendor\u2019s bytes a record has no place, and a reason', async () => {
  const files = (bad: readonly number[]) => ({ 't.csv': utf16(csvOf(rowsOf(1, 20, bad))) });
  const dropping = { format: { encoding: 'utf-16' }, lake: { raw: 'drop' } };
  const { shown: dropped } = await afterNights(dropping, files([]), files([7, 8]));
  expect(dropped.map(({ place, unplaced }) => [place, unplaced])).toEqual([
    [null, expect.stringContaining('`lake: {raw: drop}` kept no copy')],
    [null, expect.stringContaining('`lake: {raw: drop}` kept no copy')],
  ]);
  const { feed, shown: kept } = await afterNights({ format: { encoding: 'utf-16' } }, files([]), files([7]));
  expect(kept[0]).toMatchObject({ place: { line: 14 }, unplaced: null });
  rmSync(join(lab.lake, 'raw', feed.feed.feed), { recursive: true });
  expect(await shown(feed)).toMatchObject([{ place: null, unplaced: expect.stringContaining('raw/') }]);
});

test('records that a release leaves waiting have their place in the file of their own night', async () => {
  const files = (bad: readonly number[]) => ({ 't.csv': utf16(csvOf(rowsOf(1, 20, bad)).replace('7.50', '7.505')) });
  const table = { format: { encoding: 'utf-16' } };
  const { feed } = await afterNights(table, files([]), files([12]));
  await feed.change(tableOf({ ...columns, name: { type: 'text' } }, { ...table, clean: { replace: { many: '1' } } }));
  await feed.release(2);
  expect(await shown(feed)).toMatchObject([{ code: 'SCALE', key: '7', place: { line: 14 } }]);
});
