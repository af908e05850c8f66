import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { noSchemaChange } from '../../../lib/core/feed/schema-change.ts';
import { type Column, columnsOf, feedSchema } from '../../../lib/feed-file/feed.ts';
import type { CsvFormat } from '../../../lib/formats/csv/options.ts';
import { readHead } from '../../../lib/formats/csv/read-head.ts';

const table = feedSchema.parse({
  feed: 'catalog',
  source: { folder: '.' },
  tables: { items: { files: '*.csv', columns: { id: { type: 'integer', key: true }, name: 'text', price: 'text' } } },
}).tables.items!;
const columns: Column[] = columnsOf(table);
const format = table.format as CsvFormat;
const bare: CsvFormat = { ...format, header: false };

const head = (data: string | Buffer, used = format) =>
  readHead(Buffer.from(data), true, used, { columns, contract: table.contract });

const unchanged = { added: [], missing: [], renamed: {}, reordered: false };

function failure(data: string | Buffer, used = format): string {
  try {
    head(data, used);
  } catch (error) {
    if (error instanceof NightfeedError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('a header', () => {
  test.each([
    ['LF', 'id,name,price\n1,a,b\n', { length: 14, recordEnd: '\n' }],
    ['CRLF', 'id,name,price\r\n1,a,b\r\n', { length: 15, recordEnd: '\r\n' }],
    ['CR', 'id,name,price\r1,a,b\r', { length: 14, recordEnd: '\r', notes: ['records end with CR alone'] }],
    ['a byte order mark', '\ufeffid,name,price\n1,a,b\n', { length: 17 }],
    ['no data', 'id,name,price\n', { length: 14 }],
    ['no data and no record end', 'id,name,price', { length: 13 }],
    ['no data and CR', 'id,name,price\r', { length: 14, recordEnd: '\r', notes: ['records end with CR alone'] }],
    ['quoted names', '"id","name","price"\n', { length: 20 }],
    [
      'another order',
      'price,id,name\n',
      { length: 14, header: ['price', 'id', 'name'], change: { ...unchanged, reordered: true } },
    ],
    [
      'more columns',
      'id,name,"a\nb",price,\n',
      { length: 21, header: ['id', 'name', 'a\nb', 'price', ''], change: { ...unchanged, added: ['a\nb', ''] } },
    ],
  ])('with %s', (_name, data, expected) => {
    const usual = { header: ['id', 'name', 'price'], spare: false, recordEnd: '\n', change: unchanged, notes: [] };
    expect(head(data)).toEqual({ ...usual, ...expected });
  });

  test('asks for more until it is whole', () => {
    const data = Buffer.from('\ufeff"id","name","price"\r\n1,a,b\r\n');
    const answers = [...data.keys()].map((size) =>
      readHead(data.subarray(0, size), false, format, { columns, contract: table.contract }),
    );
    expect(answers.findIndex((answer) => answer !== 'more')).toBe(24);
    expect(new Set(answers.slice(24).map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});

describe('without a header', () => {
  test.each([
    ['LF', '1,a,b\n2,c,d\n', { length: 0, recordEnd: '\n' }],
    ['CRLF after quoted LF', '1,"a\n",b\r\n', { length: 0, recordEnd: '\r\n' }],
    [
      'CR after a misquoted field',
      '1,a",b\r2,c,d\r',
      { length: 0, recordEnd: '\r', notes: ['records end with CR alone'] },
    ],
    ['a byte order mark', '\ufeff1,a,b\n', { length: 3, recordEnd: '\n' }],
    ['an open quote, which the scan will refuse', '1,"a', { length: 0, recordEnd: '\n' }],
  ])('%s', (_name, data, expected) => {
    expect(head(data, bare)).toEqual({
      header: ['id', 'name', 'price'],
      spare: false,
      change: noSchemaChange,
      notes: [],
      ...expected,
    });
  });
});

describe('refused', () => {
  const gzip = gzipSync('id,name,price\n');
  const utf16 = (mark: string) => Buffer.from(`${mark}id,name,price\n`, 'utf16le');
  test.each<[string, string | Buffer, string]>([
    ['nothing', '', 'EMPTY_FILE'],
    ['only a byte order mark', '\ufeff', 'EMPTY_FILE'],
    ['gzip', gzip, 'BAD_MAGIC: the file starts like gzip; expected CSV text'],
    ['zstd', zstdCompressSync('id,name,price\n'), 'BAD_MAGIC: the file starts like zstd'],
    ['ZIP or xlsx', 'PK\x03\x04abcdefgh', 'BAD_MAGIC: the file starts like a ZIP archive'],
    ['xz', Buffer.from('fd377a585a000000', 'hex'), 'BAD_MAGIC: the file starts like xz'],
    ['bzip2', 'BZh91AY&SYabc', 'BAD_MAGIC: the file starts like bzip2'],
    ['Parquet', 'PAR1\x15\x04\x15\x10', 'BAD_MAGIC: the file starts like Parquet'],
    ['PDF', '%PDF-1.7\n', 'BAD_MAGIC: the file starts like a PDF'],
    ['UTF-16LE', utf16('\ufeff'), 'ENCODING: the file starts with the byte order mark of utf-16le; expected utf-8'],
    [
      'UTF-16BE',
      utf16('\ufeff').swap16(),
      'ENCODING: the file starts with the byte order mark of utf-16be; expected utf-8',
    ],
    ['UTF-16 without a mark', utf16(''), 'ENCODING: the file starts like UTF-16 or UTF-32 without a byte order mark'],
    ['a Latin-1 header', Buffer.from('id,name,price,caf\xe9\n', 'latin1'), 'ENCODING: the header "id,name,price,café"'],
    [
      'HTML',
      '<!DOCTYPE html>\n<html lang="en">',
      'HEADER_MISMATCH: the first record "<!DOCTYPE html>" names no declared column; expected "id, name, price"',
    ],
    ['HTML with attributes', '<html lang="en">\n', 'HEADER_MISMATCH'],
    ['no header', '1,a,b\n', 'HEADER_MISMATCH'],
    ['no header, repeated values', '0,0,0\n', 'HEADER_MISMATCH'],
    ['a preamble', 'Report of today\nid,name,price\n', 'HEADER_MISMATCH'],
    ['a blank line first', '\nid,name,price\n', 'HEADER_MISMATCH'],
    ['another delimiter', 'id;name;price\n', 'HEADER_MISMATCH'],
    ['a renamed column', 'id,Name,price\n', 'HEADER_MISMATCH: the header lacks "name" and has the unknown "Name"'],
    ['a name with a space', 'id, name,price\n', 'HEADER_MISMATCH: the header lacks "name" and has the unknown " name"'],
    ['a hostile name', 'id,"name""; DROP TABLE x",price\n', 'HEADER_MISMATCH'],
    ['a renamed column among new ones', 'id,title,price,size\n', 'HEADER_MISMATCH'],
    ['a missing column', 'id,price\n', 'SCHEMA_MISSING: the header lacks "name"'],
    ['a name twice', 'id,name,name,price\n', 'HEADER_DUPLICATE: the header names "name" more than once'],
    ['an unknown name twice', 'id,name,price,x,x\n', 'HEADER_DUPLICATE'],
    ['a misquoted name', 'id,name,price,a"b\n', 'HEADER_MISMATCH'],
    ['an open quote', 'id,"name,price\n1,a,b\n', 'UNTERMINATED_QUOTE: the quote opened at byte 3'],
    ['terminal escapes', '\x1b[31mred\u202e\u009b\n', '"\\u001b[31mred\\u{202e}\\u{9b}"'],
    ['a header without end', 'x'.repeat(2_000_001), 'RECORD_TOO_LONG'],
  ])('%s', (_name, data, message) => {
    expect(failure(data)).toContain(message);
  });

  test.each([
    ['id~|~name~|~price\n', '"~|~"'],
    ['"id";"name";"price"\n', '";"'],
    ['name\x01price\x01id\n', '"\\u0001"'],
    ['id|name;price\n', undefined],
    ['ident||x\n', undefined],
  ])('of %j, whose delimiter is told where all names are there', (data, delimiter) => {
    const thrown = (() => {
      try {
        return head(data);
      } catch (error) {
        return error as NightfeedError;
      }
    })();
    const told = `with ${delimiter} between them: set \`format.delimiter\` to it`;
    if (delimiter === undefined) expect(thrown).not.toMatchObject({ hint: expect.stringContaining('between them') });
    else expect(thrown).toMatchObject({ name: 'HEADER_MISMATCH', hint: expect.stringContaining(told) });
  });

  test('in messages that stay short', () => {
    expect(failure(`${'x'.repeat(100_000)}\n`).length).toBeLessThan(400);
  });

  test('other formats where no header is expected', () => {
    expect(failure(gzip, bare)).toContain('BAD_MAGIC');
    expect(failure('', bare)).toContain('EMPTY_FILE');
  });

  test('an endless first record, before the file ends', () => {
    expect(() => readHead(Buffer.alloc(2_000_001, 'x'), false, bare, { columns, contract: table.contract })).toThrow(
      expect.objectContaining({ name: 'RECORD_TOO_LONG' }),
    );
  });
});
