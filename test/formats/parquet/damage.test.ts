import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { ownFooter } from '../../../lib/formats/parquet/footer/own-footer.ts';
import { ThriftReader } from '../../../lib/formats/parquet/footer/thrift.ts';
import { thriftStruct } from '../../../lib/formats/parquet/footer/thrift-writer.ts';
import { rowsAsText } from '../../../lib/formats/parquet/rows-as-text.ts';
import type { LocalFile } from '../../../lib/ports/file-format.ts';
import { parquetOf, parquetOfRows } from '../../support/formats/parquet.ts';
import { readParquet } from '../../support/formats/read-parquet.ts';

const file = (name: string) => readFileSync(new URL(`files/${name}.parquet`, import.meta.url));
const summed = file('summed');
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const refusal = async (bytes: Buffer, format = {}) => {
  try {
    await readParquet(bytes, { columns, format });
    return 'read';
  } catch (thrown) {
    return (thrown as Error).name;
  }
};

test('with checksums, a flipped bit in the content of any page is found', async () => {
  const whole = await readParquet(summed, { columns, format: { require_checksums: true } });
  expect(whole.text.match(/^\d,/gm)).toHaveLength(7);
  const places = contents(summed);
  expect(places.length).toBeGreaterThan(150);
  for (const at of places) expect([at, await refusal(flipped(summed, at))]).toEqual([at, 'PARQUET_CORRUPT']);
});

test('without checksums, a file is read, and refused where the feed asks for them', async () => {
  const bytes = await parquetOfRows(['id', 'name'], [['1', 'one']], ['BIGINT', 'VARCHAR']);
  expect(await refusal(bytes)).toBe('read');
  expect(await refusal(bytes, { require_checksums: true })).toBe('PARQUET_CORRUPT');
});

test('a file cut anywhere is refused', async () => {
  for (let length = 0; length < summed.length; length += 29)
    expect(await refusal(summed.subarray(0, length))).toBe(
      length === 0 ? 'EMPTY_FILE' : length < 4 ? 'BAD_MAGIC' : 'PARQUET_TRUNCATED',
    );
});

test.each<[about: string, bytes: () => Buffer | Promise<Buffer>, name: string, message: RegExp]>([
  ['text', () => Buffer.from('id,name\n1,one\n'), 'BAD_MAGIC', /this is text; the feed says parquet/],
  ['gzip', () => Buffer.from('1f8b0800000000000003', 'hex'), 'BAD_MAGIC', /starts like gzip; the feed says parquet/],
  ['other bytes', () => Buffer.alloc(100, 1), 'BAD_MAGIC', /does not start with PAR1/],
  ['an encrypted footer', () => Buffer.from('PARE\0\0\0\0\0\0\0\0PARE'), 'PARQUET_ENCRYPTED', /footer .* is encrypted/],
  [
    'an end that was lost',
    () => summed.subarray(0, -4),
    'PARQUET_TRUNCATED',
    /does not end as Parquet, after \d+ bytes/,
  ],
  [
    'something behind it',
    () => Buffer.concat([summed, Buffer.from('\n')]),
    'PARQUET_TRUNCATED',
    /something follows it/,
  ],
  ['a footer that is longer than the file', () => withFooterLength(summed, 1e6), 'PARQUET_CORRUPT', /does not fit/],
  [
    'a footer that begins too late',
    () => withFooterLength(summed, 100),
    'PARQUET_CORRUPT',
    /its footer cannot be read/,
  ],
  ['a footer that nests without end', () => withFooter(Buffer.alloc(1000, 0x1c)), 'PARQUET_CORRUPT', /deeper than 16/],
  [
    'a list that claims to be endless',
    () => withFooter(Buffer.from('29fcffffffff07', 'hex')),
    'PARQUET_CORRUPT',
    /does not fit/,
  ],
  ['a footer of nothing', () => withFooter(Buffer.from([0])), 'PARQUET_CORRUPT', /the footer has no proper field 2/],
  [
    'a page that was changed',
    () => flipped(summed, contents(summed)[0]!),
    'PARQUET_CORRUPT',
    /column "id": the checksum of a page at byte \d+ is wrong/,
  ],
  ['texts that are no UTF-8', notUtf8, 'ENCODING', /not UTF-8/],
])('%s', async (_about, bytes, name, message) => {
  await expect(readParquet(await bytes(), { columns })).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test('pages that need much memory are refused before they are unpacked', async () => {
  const hugePage = thriftStruct([
    [1, 'i32', 0],
    [2, 'i32', 500_000_000],
    [3, 'i32', 4],
    [
      5,
      'struct',
      thriftStruct([
        [1, 'i32', 1],
        [2, 'i32', 0],
        [3, 'i32', 3],
        [4, 'i32', 3],
      ]),
    ],
  ]);
  const pages = Buffer.concat([hugePage, Buffer.alloc(4)]);
  const meaning = { kind: 'integer', bits: 64, isSigned: true } as const;
  const chunk = { path: 'c0', codec: 1, encodings: [0], values: 1, start: 4, length: pages.length, uncompressed: 5e8 };
  const footer = ownFooter(
    {
      columns: [{ name: 'c0', repetition: 1, physical: 2, length: undefined, meaning }],
      rows: 1,
      groups: [{ rows: 1, chunks: [chunk] }],
      start: 4 + pages.length,
    },
    [{ root: 0, as: 'values' }],
    [[{ dictionary: undefined, data: 4 }]],
  );
  const bytes = Buffer.concat([Buffer.from('PAR1'), pages, footer]);
  const opened = readParquet(bytes, { columns: { c0: { type: 'bigint', key: true } } });
  await expect(opened).rejects.toMatchObject({
    name: 'PARQUET_UNSUPPORTED',
    message: expect.stringMatching(/need 500000004 bytes of memory at a time; at most 400000000/),
  });
});

test('a file that becomes far more text than its size is refused', async () => {
  const bytes = await parquetOf(`SELECT 1::BIGINT AS id, repeat('x', 2000) AS name FROM range(100000)`);
  expect(bytes.length).toBeLessThan(64_000_000 / 500);
  await expect(readParquet(bytes, { columns })).rejects.toMatchObject({
    name: 'DECOMPRESSION_LIMIT',
    message: expect.stringMatching(/^\d+ bytes of Parquet became more than \d+ bytes of text/),
  });
});

test.each([
  ['a reader that crashes is the file’s fault', 'DuckDB: it ended with SIGSEGV. ', 'PARQUET_CORRUPT'],
  ['an encoding that DuckDB does not know is not supported', 'DuckDB: X is not supported', 'PARQUET_UNSUPPORTED'],
  ['a reader that somebody ended is not', 'DuckDB: it ended with SIGKILL. ', 'ENGINE_FAILED'],
])('%s', async (_about, message, name) => {
  const local: LocalFile = {
    path: 'delivered',
    size: 1,
    ask: async () => [],
    async *copy() {
      yield Buffer.from('1\n');
      throw new NightfeedError('ENGINE_FAILED', message);
    },
  };
  const reading = async () => {
    for await (const _piece of rowsAsText(local, [], [], { type: 'parquet' }));
  };
  await expect(reading()).rejects.toMatchObject({ name });
});

async function notUtf8(): Promise<Buffer> {
  const bytes = await parquetOfRows(['id', 'name'], [['1', 'größe']], ['BIGINT', 'VARCHAR']);
  for (let at = bytes.indexOf('größe'); at >= 0; at = bytes.indexOf('größe', at + 1))
    bytes.write('grvv\xffe', at, 'latin1');
  return bytes;
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1 << (at % 8);
  return copy;
}

/** Places of the bytes of pages, without their headers. */
function contents(bytes: Buffer): number[] {
  const places: number[] = [];
  const end = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  for (let at = 4; at < end; ) {
    const reader = new ThriftReader(bytes, at);
    const length = reader.struct().get(3) as number;
    for (let place = reader.at; place < reader.at + length; place++) places.push(place);
    at = reader.at + length;
  }
  return places;
}

function withFooterLength(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(length, copy.length - 8);
  return copy;
}

function withFooter(footer: Buffer): Buffer {
  const end = Buffer.alloc(8, 'PAR1PAR1');
  end.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), footer, end]);
}
