import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseValue } from '../../../lib/core/feed/values/value.ts';
import { parquetOf, rowsOf } from '../../support/formats/parquet.ts';
import { readParquet } from '../../support/formats/read-parquet.ts';

const file = (name: string) => readFileSync(new URL(`files/${name}.parquet`, import.meta.url));
const types = file('types');
const key = { u32: { type: 'bigint', key: true } };
/** Other columns of the file are none of the test's business. */
const more = { contract: { added: 'ignore' } };

test('every type that a column can hold comes as its exact text', async () => {
  const columns = {
    ...key,
    i8: 'integer',
    u8: 'integer',
    i64: 'bigint',
    u64: 'bigint',
    f32: 'double',
    f64: 'double',
    d9: 'decimal(9,2)',
    d38: 'decimal(38,3)',
    day: 'date',
    ms: 'timestamp',
    us: 'timestamp',
    ns: 'timestamp',
    utc: 'timestamptz',
    utc_ns: 'timestamptz',
    clock: 'text',
    clock_ns: 'text',
    text: 'text',
    coded: 'text',
    yes: 'boolean',
    list: 'json',
    struct: 'json',
    map: 'json',
    big: 'bigint[]',
    nothing: 'date',
  };
  const { header, text } = await readParquet(types, { columns, more });
  const rows = text.trim().split('\n');
  const fieldsOf = (row: string) => row.match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g)!;
  const found = header.map((name, index) => [name, ...rows.map((row) => fieldsOf(row)[index])]);
  expect(Object.fromEntries(found.map(([name, ...values]) => [name, values]))).toEqual({
    i8: ['1', '-128'],
    u8: ['1', '255'],
    u32: ['1', '4294967295'],
    i64: ['1', '9223372036854775807'],
    u64: ['1', '18446744073709551615'],
    f32: ['0.10000000149011612', 'nan'],
    f64: ['5e-324', '1e+22'],
    d9: ['1.50', '-0.01'],
    d38: ['12345678901234567890123456789012345.678', ''],
    day: ['2024-01-02', '0001-01-01'],
    ms: ['2024-01-02 03:04:05.678', '2024-01-02 03:04:05.678'],
    us: ['2024-01-02 03:04:05.678901', '2024-01-02 03:04:05.678901'],
    ns: ['2024-01-02 03:04:05.678901234', '2024-01-02 03:04:05.678901'],
    utc: ['2024-01-02 03:04:05.678901+00', '2024-01-02 03:04:05.678901+00'],
    utc_ns: ['2024-01-02 03:04:05.678901234+00', '2024-01-02 03:04:05.678901+00'],
    clock: ['01:02:03.000004', ''],
    clock_ns: ['00:00:00.000000001', '00:00:00.000000002'],
    text: ['"x"', '"y"'],
    coded: ['"x"', '"y"'],
    yes: ['true', ''],
    list: ['"[1,2]"', ''],
    struct: ['"{""city"":""x"",""n"":1.1,""tags"":[""a"",""b""]}"', ''],
    map: ['"{""a"":1}"', '"{}"'],
    big: ['"[18446744073709551615]"', '"[]"'],
    nothing: ['', ''],
  });
});

test.each([
  ['i64', 'boolean', undefined],
  ['i64', 'double', /INT64 in the file, and declared as double; .* declare bigint/],
  ['i64', 'date', /declare bigint/],
  ['u8', 'double', undefined],
  ['f64', 'bigint', /DOUBLE in the file, and declared as bigint; .*doubles_as_digits/],
  ['f32', 'decimal(9,2)', /FLOAT in the file.*doubles_as_digits/],
  ['f64', 'date', /declare double/],
  ['f32', 'real', undefined],
  ['f64', 'real', /DOUBLE in the file, and declared as real; declare double/],
  ['u8', 'real', undefined],
  ['i64', 'real', /a real cannot hold all of its numbers: declare bigint/],
  ['f32', 'varchar(40)', undefined],
  ['struct', 'varchar(40)', undefined],
  ['d9', 'decimal(12,4)', undefined],
  ['d9', 'bigint', /DECIMAL\(9,2\) in the file, and declared as bigint; declare decimal\(9,2\)/],
  ['d9', 'double', /declare decimal\(9,2\)/],
  ['d50', 'decimal(38,1)', /DECIMAL\(50,1\) in the file.* decimals have at most 38 digits/],
  ['d50', 'text', /decimals have at most 38 digits/],
  ['day', 'timestamp', /DATE in the file, and declared as timestamp; declare date/],
  ['us', 'timestamptz', /TIMESTAMP in µs, local in the file.*its times have no zone: declare timestamp/],
  ['us', 'date', /declare timestamp/],
  ['utc', 'timestamp', /TIMESTAMP in µs, UTC in the file.*its times are UTC: declare timestamptz/],
  ['clock', 'timestamp', /TIME in µs in the file.*declare time/],
  ['clock', 'time', undefined],
  ['clock_ns', 'time', undefined],
  ['day', 'time', /declare date/],
  ['bytes', 'text', /BYTE_ARRAY in the file.*binary_as_text/],
  ['sixteen', 'uuid', /BYTE_ARRAY.*declare bytea, or `format.binary_as_text/],
  ['text', 'bytea', undefined],
  ['i64', 'bytea', /INT64 in the file, and declared as bytea; declare bigint/],
  ['yes', 'integer', /BOOLEAN in the file, and declared as integer; declare boolean/],
  ['list', 'bigint', /LIST in the file.*declare text, json, jsonb or an array such as text\[\]/],
  ['struct', 'text', undefined],
  ['list_ns', 'json', /list_ns.list.element within it is TIMESTAMP in ns, UTC, which JSON cannot hold/],
  ['text', 'bigint', undefined],
])('a column %s declared as %s', async (name, type, message) => {
  const opened = readParquet(types, { columns: { ...key, [name]: type }, more });
  if (message === undefined) await opened;
  else await expect(opened).rejects.toMatchObject({ name: 'COLUMN_TYPE', message: expect.stringMatching(message) });
});

test.each([
  ['d9', { type: 'decimal(9,2)', decimal: ',', thousands: '.' }, /its values are no text: leave out of the column/],
  ['d9', { type: 'decimal(9,2)', replace: { '.': '' } }, /its values are no text/],
  ['day', { type: 'date', date_format: 'YYYY-DD-MM' }, /its values are no text/],
  ['text', { type: 'date', date_format: 'YYYY-DD-MM' }, undefined],
  ['i64', { type: 'timestamptz', epoch: 'ms' }, undefined],
  ['bytes', { type: 'bytea', bytes: 'base64' }, /its values are bytes, no text/],
  ['text', { type: 'bytea', bytes: 'base64' }, undefined],
  ['utc', { type: 'timestamptz', epoch: 'ms' }, /its values are no text/],
])('how text is written concerns text alone (%s)', async (name, column, message) => {
  const opened = readParquet(types, { columns: { ...key, [name]: column }, more });
  if (message === undefined) await opened;
  else await expect(opened).rejects.toMatchObject({ name: 'COLUMN_TYPE', message: expect.stringMatching(message) });
});

test('what is read as another type than the file has is told', async () => {
  const columns = { ...key, d9: 'decimal(12,4)', text: 'bigint', f64: 'decimal(9,2)', us: 'timestamp' };
  const { notes } = await readParquet(types, { columns, more, format: { doubles_as_digits: true } });
  expect(notes.filter((note) => !note.startsWith('columns left out'))).toEqual([
    '"f64" is DOUBLE in the file, read as decimal(9,2)',
    '"d9" is DECIMAL(9,2) in the file, read as decimal(12,4)',
    '"text" is STRING in the file, read as bigint',
  ]);
});

test('doubles_as_digits writes whole doubles as integers are written, and no others', async () => {
  const values = ['7.0', '7.5', '-0.0', '9007199254740991', '9007199254740992', '1e300', 'NULL', "'nan'", '0.1'];
  const bytes = await parquetOf(
    `SELECT i::BIGINT AS id, x::DOUBLE AS x FROM (VALUES ${values.map((value, i) => `(${i}, ${value}::DOUBLE)`).join(', ')}) t(i, x)`,
  );
  const columns = { id: { type: 'bigint', key: true }, x: 'decimal(20,2)' };
  const { text } = await readParquet(bytes, { columns, format: { doubles_as_digits: true } });
  const found = text
    .trim()
    .split('\n')
    .map((row) => row.split(',')[1]);
  expect(found).toEqual(['7', '7.5', '0', '9007199254740991', '9007199254740992.0', '1e+300', '', 'nan', '0.1']);
});

test('the text of a double is read as the same double', async () => {
  const select = `SELECT i AS id, (CAST(hash(i) % 9007199254740992 AS DOUBLE) - 4503599627370496) * pow(10, i % 580 - 300) AS x
    FROM range(20000) t(i)`;
  const columns = { id: { type: 'bigint', key: true }, x: 'double' };
  const { text } = await readParquet(await parquetOf(select), { columns });
  const texts = text
    .trim()
    .split('\n')
    .map((row) => row.split(',')[1]!);
  expect(texts.map(Number)).toEqual((await rowsOf(select)).map(([, x]) => x));
  for (const each of texts) expect(parseValue({ type: 'double' }, each)).not.toHaveProperty('code');
});

test('INT96 needs the word for its zone, and nanoseconds keep their digits', async () => {
  const columns = (type: string) => ({ id: { type: 'bigint', key: true }, at: type });
  await expect(readParquet(file('int96'), { columns: columns('timestamp') })).rejects.toMatchObject({
    name: 'COLUMN_TYPE',
    message: expect.stringMatching(/INT96 in the file.*unmarked_times: utc/),
  });
  const utc = await readParquet(file('int96'), { columns: columns('timestamptz'), format: { unmarked_times: 'utc' } });
  expect(utc.text).toBe('1,9999-12-31 01:02:03.000004+00\n2,\n3,1969-12-31 23:59:59.999999+00\n');
  const local = { columns: columns('timestamp'), format: { unmarked_times: 'local' } };
  expect((await readParquet(file('int96-ns'), local)).text).toBe(
    '1,2024-01-02 03:04:05.678901234\n2,1969-12-31 23:59:59.999999999\n',
  );
  const swapped = { columns: columns('timestamp'), format: { unmarked_times: 'utc' } };
  await expect(readParquet(file('int96'), swapped)).rejects.toMatchObject({ name: 'COLUMN_TYPE' });
});

test('values within others are read by their path', async () => {
  const columns = { ...key, city: 'text', amount: 'decimal(9,2)', tag: { type: 'text', from: 'second tag' } };
  const fields = { city: ['struct', 'city'], amount: ['struct', 'n'], 'second tag': ['struct', 'tags', 1] };
  const { text, notes } = await readParquet(types, { columns, more, format: { fields } });
  expect(text).toBe('1,"x",1.10,"b"\n4294967295,,,\n');
  expect(notes.join()).not.toContain('"struct"');
  await expect(
    readParquet(types, { columns, more, format: { fields: { ...fields, city: ['struct', 'town'] } } }),
  ).rejects.toMatchObject({ name: 'HEADER_MISMATCH', message: expect.stringContaining('lacks "city"') });
});

test('times within values keep their zone and their nanoseconds', async () => {
  const path = { columns: { ...key, first: 'timestamptz' }, more, format: { fields: { first: ['list_ns', 0] } } };
  expect((await readParquet(types, path)).text).toBe('1,1970-01-01 00:00:00.000000001+00\n4294967295,\n');
  const bytes = await parquetOf(`SELECT 1::BIGINT AS id, {'at': TIMESTAMPTZ '2024-01-01 12:00:00.5+00'} AS within`);
  const columns = { id: { type: 'bigint', key: true }, within: 'json', made: 'timestamptz' };
  const both = await readParquet(bytes, { columns, format: { fields: { made: ['within', 'at'] } } });
  expect(both.text).toBe('1,"{""at"":""2024-01-01 12:00:00.5+00""}",2024-01-01 12:00:00.5+00\n');
});

test('bytes are bytes, whatever they are, for a column of this type', async () => {
  expect((await readParquet(types, { columns: { ...key, bytes: 'bytea' }, more })).text).toBe(
    '1,"\\x78"\n4294967295,"\\x79"\n',
  );
  const odd = await parquetOf(`SELECT 1::BIGINT AS id, '\\xFF\\x00'::BLOB AS b, {'c': ''::BLOB} AS within`);
  const format = { fields: { inner: ['within', 'c'] } };
  const read = await readParquet(odd, {
    columns: { id: { type: 'bigint', key: true }, b: 'bytea', inner: 'bytea' },
    format,
  });
  expect(read.text).toBe('1,"\\xff00","\\x"\n');
});

test('bytes are text only where the feed says so', async () => {
  const columns = { ...key, bytes: 'text' };
  const { text } = await readParquet(types, { columns, more, format: { binary_as_text: true } });
  expect(text).toBe('1,"x"\n4294967295,"y"\n');
});
