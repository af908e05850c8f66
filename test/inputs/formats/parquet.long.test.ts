import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PullReceipt } from '../../../lib/core/run/pull-receipt.ts';
import { parquetOf, parquetOfRows } from '../../support/formats/parquet.ts';
import {
  accepted,
  check,
  held,
  noted,
  type Outcome,
  refused,
  rejected,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { receiptsOf } from '../../support/nights/run-objects.ts';
import { columns, lines, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const names = ['id', 'name', 'price'];
const rows = lines.map((line) => line.split(','));
const types = ['BIGINT', 'VARCHAR', 'DECIMAL(7,2)'];
const base = await parquetOfRows(names, rows, types);

const subject = (format = {}, table: Record<string, unknown> = columns, file = base, more = {}): Subject => ({
  table: tableOf(table, { files: 't*.parquet', format: { type: 'parquet', ...format }, ...more }),
  base: { 't.parquet': file },
});

/** The base as a query that replaces some of its columns. */
const replacing = (replace: string, from = rows.length) =>
  `SELECT * REPLACE (${replace}) FROM (SELECT i AS id, 'name ' || i AS name, CAST(i + 0.5 AS DECIMAL(7,2)) AS price
    FROM range(1, ${from + 1}) t(i))`;

/** Row 3 is bad, row 5 changed, and row 20 gone. */
const bad = (replace: string) =>
  parquetOf(
    `SELECT * REPLACE (CASE id WHEN 5 THEN 'changed' ELSE name END AS name) FROM (${replacing(replace)}) WHERE id IS DISTINCT FROM 20`,
  );

type Case = readonly [about: string, bytes: () => Buffer | Promise<Buffer>, outcome: Outcome];

describe('files', () => {
  test.each<Case>([
    [
      'a changed row',
      () => parquetOf(replacing(`CASE id WHEN 3 THEN 'new' ELSE name END AS name`)),
      accepted({ 3: ['3', 'new', '3.50'] }),
    ],
    [
      'the same rows of another writer, in many row groups',
      () => parquetOf(replacing('id AS id'), 'COMPRESSION zstd, ROW_GROUP_SIZE 2048'),
      accepted(),
    ],
    ['a file of no bytes', () => Buffer.alloc(0), refused('EMPTY_FILE')],
    ['CSV', () => Buffer.from(text()), refused('BAD_MAGIC')],
    ['a ZIP archive', () => Buffer.from('PK\x03\x04 and so on'), refused('BAD_MAGIC')],
    ['a file that was cut', () => base.subarray(0, -100), refused('PARQUET_TRUNCATED')],
    [
      'a file whose middle is missing',
      () => Buffer.concat([base.subarray(0, 100), base.subarray(150)]),
      refused('PARQUET_CORRUPT'),
    ],
    ['a file packed with LZO', lzo, refused('PARQUET_UNSUPPORTED')],
    ['an encrypted file', () => Buffer.from('PARE, and much more, PARE'), refused('PARQUET_ENCRYPTED')],
    ['columns and no rows', () => parquetOf(`${replacing('id AS id')} LIMIT 0`), held('ROWCOUNT_DROP')],
    ['a column more', () => parquetOf(`SELECT *, 1 AS more FROM (${replacing('id AS id')})`), held('SCHEMA_ADD')],
    ['a column less', () => parquetOf(`SELECT id, name FROM (${replacing('id AS id')})`), refused('SCHEMA_MISSING')],
    ['columns in another order', () => parquetOf(`SELECT price, name, id FROM (${replacing('id AS id')})`), accepted()],
    ['a column twice', twice, refused('HEADER_DUPLICATE')],
    [
      'a name in other case',
      () => parquetOf(`SELECT id, name, price AS "Price" FROM (${replacing('id AS id')})`),
      refused('HEADER_MISMATCH'),
    ],
  ])('%s', async (_about, bytes, outcome) => check(lab, subject(), { 't.parquet': await bytes() }, outcome));

  test('Parquet under the name of CSV is told how it would be read', async () => {
    const plain: Subject = { table: tableOf(columns), base: { 't.csv': text() } };
    const feed = await lab.feed(plain.table, plain.base);
    const { error } = await feed.night({ 't.csv': base });
    expect(error).toMatchObject({ name: 'BAD_MAGIC', hint: expect.stringContaining('format: {type: parquet}') });
  });

  test('a file that the scratch folder has no room for fails before it is transferred', async () => {
    const of = subject();
    const feed = await lab.feed(of.table, of.base);
    const { state, error } = await feed.night({ 't.parquet': base }, { sizes: { 't.parquet': 5e12 } });
    expect(state).toBe('failed');
    expect(error).toMatchObject({
      name: 'ENGINE_EXHAUSTED',
      message: expect.stringMatching(/5000000000000 bytes.*are free there/),
    });
  });

  test('files of one table may store a column as different integers, and are parts of it', async () => {
    const small = await parquetOfRows(names, rows.slice(0, 9), ['SMALLINT', 'VARCHAR', 'DECIMAL(5,2)']);
    const large = await parquetOfRows(names, rows.slice(9), ['UBIGINT', 'VARCHAR', 'DECIMAL(18,2)']);
    await check(lab, subject(), { 't1.parquet': small, 't2.parquet': large }, accepted());
  });

  test('files of one table that would write different columns are refused', async () => {
    const more = await parquetOf(`SELECT *, 1 AS more FROM (${replacing('id AS id', 9)})`);
    const others = await parquetOfRows(names, rows.slice(9), types);
    const evolving = subject({}, columns, base, { contract: { added: 'evolve' } });
    await check(lab, evolving, { 't1.parquet': more, 't2.parquet': others }, refused('HEADER_MISMATCH'));
  });

  test('a column of any name is read from its name', async () => {
    const odd = `a "b"; DROP TABLE t; -- \n ü`;
    const renamed = (file: string) =>
      parquetOf(`SELECT id, name AS "${odd.replaceAll('"', '""')}", price FROM (${file})`);
    const of = subject({}, { ...columns, name: { type: 'text', from: odd } }, await renamed(replacing('id AS id')));
    const next = await renamed(replacing(`CASE id WHEN 3 THEN 'new' ELSE name END AS name`));
    await check(lab, of, { 't.parquet': next }, accepted({ 3: ['3', 'new', '3.50'] }));
  });
});

describe('values', () => {
  const more = (name: string, type: unknown) => ({ ...columns, [name]: type });

  test.each<readonly [about: string, type: unknown, value: string, was: string, format: object, outcome: Outcome]>([
    ['DOUBLE for bigint', 'bigint', '7.0::DOUBLE', '7::BIGINT', {}, refused('COLUMN_TYPE')],
    [
      'a whole DOUBLE for bigint',
      'bigint',
      '7.0::DOUBLE',
      '7::BIGINT',
      { doubles_as_digits: true },
      noted('"x" is DOUBLE in the file, read as bigint'),
    ],
    [
      'a time without a zone for timestamptz',
      'timestamptz',
      `TIMESTAMP '2024-01-01 00:00:00'`,
      `TIMESTAMPTZ '2024-01-01 00:00:00+00'`,
      {},
      refused('COLUMN_TYPE'),
    ],
    [
      'a UTC time for timestamp',
      'timestamp',
      `TIMESTAMPTZ '2024-01-01 00:00:00+00'`,
      `TIMESTAMP '2024-01-01 00:00:00'`,
      {},
      refused('COLUMN_TYPE'),
    ],
    [
      'a date as text',
      'date',
      `'2024-01-01'`,
      `DATE '2024-01-01'`,
      {},
      noted('"x" is STRING in the file, read as date'),
    ],
    [
      'a decimal with more places, all zero',
      'decimal(9,2)',
      '1.5000::DECIMAL(12,4)',
      '1.50::DECIMAL(9,2)',
      {},
      noted('"x" is DECIMAL(12,4) in the file, read as decimal(9,2)'),
    ],
    ['bytes for text', 'text', `'\\x41'::BLOB`, `'A'`, {}, refused('COLUMN_TYPE')],
    ['bytes for text, which they are', 'text', `'\\x41'::BLOB`, `'A'`, { binary_as_text: true }, accepted()],
    ['a list for text', 'text', '[1, 2]', `'[1,2]'`, {}, accepted()],
    ['a list for bigint', 'bigint', '[1, 2]', '1::BIGINT', {}, refused('COLUMN_TYPE')],
  ])('%s', async (_about, type, value, was, format, outcome) => {
    const of = subject(
      format,
      more('x', type),
      await parquetOf(`SELECT *, ${was} AS x FROM (${replacing('id AS id')})`),
    );
    const next = await parquetOf(`SELECT *, ${value} AS x FROM (${replacing('id AS id')})`);
    await check(lab, of, { 't.parquet': next }, outcome);
  });

  test.each<Case>([
    [
      'a decimal place more than declared',
      () => bad('CASE id WHEN 3 THEN 3.505 ELSE price END AS price'),
      rejected('SCALE'),
    ],
    ['a key that is null', () => bad('CASE id WHEN 3 THEN NULL ELSE id END AS id'), unreadable('KEY_MISSING')],
    [
      'an integer beyond bigint',
      () => bad('CASE id WHEN 3 THEN 18446744073709551615 ELSE id::UBIGINT END AS id'),
      unreadable('OVERFLOW'),
    ],
    ['a NUL in a text', () => bad('CASE id WHEN 3 THEN chr(0) ELSE name END AS name'), rejected('NUL_BYTE')],
    [
      'a null where one is required',
      () => bad('CASE id WHEN 3 THEN NULL ELSE price END AS price'),
      rejected('REQUIRED'),
    ],
    ['a text that is not UTF-8', notUtf8, refused('ENCODING')],
  ])('%s', async (_about, bytes, outcome) =>
    check(lab, subject({}, columns, base), { 't.parquet': await bytes() }, outcome),
  );
});

/** Files of pyarrow's writer. */
const fileOf = (name: string) => readFileSync(new URL(`../../formats/parquet/files/${name}.parquet`, import.meta.url));

describe('files of another writer', () => {
  const night = async (table: Record<string, unknown>, name: string) => {
    const { bytes, format = {} } = { bytes: fileOf(name), format: table.format as object };
    const first = await parquetOf(`SELECT * FROM (VALUES (1::BIGINT, NULL::TIMESTAMP)) t(id, "at") WHERE id > 0`);
    const of = tableOf(table.columns as Record<string, unknown>, {
      files: 't*.parquet',
      format: { type: 'parquet', ...format },
      guards: open,
    });
    const feed = await lab.feed(of, { 't.parquet': first });
    return { feed, found: await feed.night({ 't.parquet': bytes }) };
  };
  const open = { min_rows: 0, gone: '100%', updated: '100%', rejected: '100%', rows: ['-100%', '+100000%'] };
  const times = { id: { type: 'bigint', key: true }, at: 'timestamp' };

  test('INT96 is refused, until the feed says what it means', async () => {
    const { found } = await night({ columns: times }, 'int96');
    expect(found.error).toMatchObject({ name: 'COLUMN_TYPE', message: expect.stringContaining('unmarked_times') });
    const { feed, found: read } = await night({ columns: times, format: { unmarked_times: 'local' } }, 'int96');
    expect(read.state).toBe('published');
    expect(await feed.rows()).toEqual([
      ['1', '9999-12-31 01:02:03.000004'],
      ['2', null],
      ['3', '1969-12-31 23:59:59.999999'],
    ]);
  });

  test('nanoseconds that microseconds cannot hold reject their rows', async () => {
    const { found } = await night({ columns: times, format: { unmarked_times: 'local' } }, 'int96-ns');
    expect(found.rejects.map(({ code }) => code)).toEqual(['SCALE', 'SCALE']);
  });

  test('a decimal of more digits than any engine has is refused', async () => {
    const columns = { u32: { type: 'bigint', key: true }, d50: 'decimal(38,1)' };
    const of = tableOf(columns, { files: 't*.parquet', format: { type: 'parquet' }, contract: { added: 'ignore' } });
    const feed = await lab.feed(of, {
      't.parquet': await parquetOf('SELECT 1::UINTEGER AS u32, 1.5::DECIMAL(38,1) AS d50'),
    });
    expect((await feed.night({ 't.parquet': fileOf('types') })).error?.name).toBe('COLUMN_TYPE');
  });

  test('a page that its checksum does not fit is refused', async () => {
    const columns = { id: { type: 'bigint', key: true }, name: 'text' };
    const of = tableOf(columns, {
      files: 't*.parquet',
      format: { type: 'parquet', require_checksums: true },
      guards: open,
    });
    const feed = await lab.feed(of, { 't.parquet': fileOf('summed') });
    const damaged = Buffer.from(fileOf('summed'));
    damaged[damaged.indexOf('größe')]! ^= 1;
    expect((await feed.night({ 't.parquet': damaged })).error).toMatchObject({
      name: 'PARQUET_CORRUPT',
      message: expect.stringContaining('checksum'),
    });
    expect((await feed.night({ 't.parquet': base })).error?.name).toBe('PARQUET_CORRUPT');
  });
});

test('rejected rows are read again from the copy of their file, under other options', async () => {
  const file = (a: string) =>
    parquetOf(
      `SELECT i AS id, {'a': CASE i WHEN 3 THEN '${a}' ELSE '' || i END, 'b': '' || i} AS n FROM range(1, 21) t(i)`,
    );
  const table = (part: string) =>
    tableOf(
      { id: { type: 'bigint', key: true }, amount: 'bigint' },
      { files: 't*.parquet', format: { type: 'parquet', fields: { amount: ['n', part] } } },
    );
  const feed = await lab.feed(table('a'), { 't.parquet': await file('0') });
  const night = await feed.night({ 't.parquet': await file('three') });
  expect(night.rejected).toEqual({ FORMAT: 1 });
  await feed.change(table('b'));

  expect(await feed.release(2)).toMatchObject({ state: 'published', released: { t: { records: 1, released: 1 } } });

  expect((await feed.rows())[2]).toEqual(['3', '3']);
  expect(await feed.isProved()).toBe(true);
});

/** A column of another name with as many letters gets the name of the first. */
async function twice(): Promise<Buffer> {
  const bytes = await parquetOf(`SELECT *, name AS nema FROM (${replacing('id AS id')})`);
  return everywhere(bytes, 'nema', 'name');
}

/** The codec of each column is another. */
async function lzo(): Promise<Buffer> {
  const bytes = Buffer.from(await parquetOf(replacing('id AS id'), 'COMPRESSION snappy'));
  const snappy = Buffer.from('150216', 'hex');
  for (let at = bytes.indexOf(snappy, -600); at >= 0; at = bytes.indexOf(snappy, at + 1)) bytes[at + 1] = 6;
  return bytes;
}

async function notUtf8(): Promise<Buffer> {
  const bytes = await parquetOf(replacing(`CASE id WHEN 3 THEN 'größe' ELSE name END AS name`));
  return everywhere(bytes, 'größe', 'gr\xf6\xdfe\xfe\xff');
}

function everywhere(bytes: Buffer, text: string, other: string): Buffer {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes.write(other, at, 'latin1');
  return bytes;
}

test('the receipt says that a file lay on disk before it was read', async () => {
  const { table, base: files } = subject();
  await lab.feed(table, files);
  const { run } = lab.results.at(-1)!;
  const [pulled] = await receiptsOf<PullReceipt>(run!, 'pull', lab.ports.store);
  expect(pulled!.tables.t!.files).toEqual([expect.objectContaining({ isSpooled: true })]);
});
