import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { MAX_REJECTS, type ScanOptions, StructuralScan } from '../../../../lib/core/records/scan/scan.ts';
import { HeaderAgain } from '../../../../lib/formats/text/header-again.ts';

const dialect = { delimiter: 44, quote: 34 };
const three: ScanOptions = { dialect, fields: 3, recordEnd: '\n' };
const one: ScanOptions = { ...three, fields: 1 };

function scan(data: string | Buffer, options: ScanOptions = three): StructuralScan {
  const found = new StructuralScan(options);
  found.push(Buffer.from(data));
  found.finish();
  return found;
}

function failure(data: string | Buffer, options: ScanOptions = three): string {
  try {
    scan(data, options);
  } catch (error) {
    if (error instanceof NightfeedError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('accepted', () => {
  test.each<[string, string, number, Partial<ScanOptions>?]>([
    ['no data', '', 0],
    ['plain records', '1,a,b\n2,c,d\n', 2],
    ['quoted delimiter, LF and CRLF', '1,"a,b","c\nd\r\ne"\n', 1],
    ['doubled quotes', '1,"a""b",""""\n', 1],
    ['a field that ends in a backslash', '1,"a\\",b\n', 1],
    ['empty and quoted empty fields', ',"",\n', 1],
    ['a record that starts like a comment', '#1,a,b\n', 1],
    ['control, bidirectional and 4-byte characters', '1,\x01\x1f\u2028\u202e\u200b,😀\n', 1],
    ['U+FEFF not at the start of a record', '1,\ufeffa,\ufeff\n', 1],
    ['CRLF record ends', '1,a,"b\nc"\r\n2,c,d\r\n', 2, { recordEnd: '\r\n' }],
    ['CR record ends', '1,a,"b\nc"\r2,c,d\r', 2, { recordEnd: '\r' }],
    ['another delimiter and quote', "1|'a|''b'|\"c\n", 1, { dialect: { delimiter: 124, quote: 39 } }],
    ['quotes where there is no quoting', '1,"a,b"\n', 1, { dialect: { delimiter: 44, quote: -1 } }],
    ['one column', 'a\n""\nb\n', 3, { fields: 1 }],
    ['blank lines at the end', '1,a,b\n\n\n', 1],
    ['blank lines at the end of one column', 'a\nb\n\n\n', 2, { fields: 1 }],
  ])('%s', (_name, data, rows, options = {}) => {
    const found = scan(data, { ...three, ...options });
    expect(found.takeRejects()).toEqual([]);
    expect(found.rows).toBe(rows);
    expect(found.bytes).toBe(Buffer.byteLength(data));
    expect(found.lastRecordEnd).toBe(options.fields === 1 ? data.trimEnd().length + 1 : Buffer.byteLength(data));
    expect(found.notes).toEqual([]);
  });

  test.each([
    ['blank lines in the middle', '1,a,b\n\n\n2,c,d\n', 'blank lines between records'],
    [
      'U+FFFD',
      `1,a,\ufffd\n2,c,${'é'.repeat(70_000)}\n`,
      'U+FFFD in the text: characters were lost before the delivery',
    ],
  ])('with a note: %s', (_name, data, note) => {
    const found = scan(data);
    expect(found.takeRejects()).toEqual([]);
    expect([found.rows, found.notes]).toEqual([2, [note]]);
  });
});

describe('rejected', () => {
  const before = '0,é,z\n';
  const after = '9,y,z\n';
  test.each<[string, string | Buffer, string]>([
    ['too few fields', '1,a\n', 'FIELD_COUNT'],
    ['too many fields', '1,a,b,c\n', 'FIELD_COUNT'],
    ['an empty trailing field', '1,a,b,\n', 'FIELD_COUNT'],
    ["PostgreSQL's end of data", '\\.\n', 'FIELD_COUNT'],
    ['a bare quote', '1,a"b,c\n', 'QUOTE'],
    ['a bare quote at the end', '1,a,b"\n', 'QUOTE'],
    ['a space before the quote', '1, "a",b\n', 'QUOTE'],
    ['text after the closing quote', '1,"a" x,b\n', 'QUOTE'],
    ['a single quote within quotes', '1,"a"b",c\n', 'QUOTE'],
    ['a quote escaped by a backslash', '1,"a\\"b",c\n', 'QUOTE'],
    ['a quote that swallows records', '1,"a,b\n2,"c",d\n', 'QUOTE'],
    ['NUL', '1,a\0,b\n', 'NUL_BYTE'],
    ['Latin-1', latin1('1,caf\xe9,b\n'), 'INVALID_UTF8'],
    ['an overlong NUL', latin1('1,\xc0\x80,b\n'), 'INVALID_UTF8'],
    ['a surrogate', latin1('1,\xed\xa0\x80,b\n'), 'INVALID_UTF8'],
    ['a character cut by the record end', latin1('1,a,\xe2\x82\n'), 'INVALID_UTF8'],
    ['a byte order mark', '\ufeff1,a,b\n', 'BOM_INSIDE'],
    ['a byte order mark before a quote', '\ufeff"1",a,b\n', 'QUOTE'],
    ['QUOTE before FIELD_COUNT', '1"\n', 'QUOTE'],
    ['FIELD_COUNT before NUL_BYTE', '1\0\n', 'FIELD_COUNT'],
    ['NUL_BYTE before INVALID_UTF8', latin1('1\0,\xff,b\n'), 'NUL_BYTE'],
    ['INVALID_UTF8 before BOM_INSIDE', latin1('\xef\xbb\xbf1,\xff,b\n'), 'INVALID_UTF8'],
  ])('%s, and nothing else', (_name, record, code) => {
    const found = scan(Buffer.concat([Buffer.from(before), Buffer.from(record), Buffer.from(after)]));
    expect(found.takeRejects()).toEqual([
      { index: 1, offset: Buffer.byteLength(before), length: Buffer.from(record).length, code },
    ]);
    expect(found.rows).toBe(3);
    expect(found.takeRejects()).toEqual([]);
  });

  test('a blank line among records of one column, with the rows counted once they are known', () => {
    const found = new StructuralScan(one);
    found.push(Buffer.from('a\n\n\n'));
    expect([found.rows, found.lastRecordEnd, found.takeRejects()]).toEqual([1, 2, []]);
    found.push(Buffer.from('b\n\n'));
    found.finish();
    expect(found.rows).toBe(4);
    expect(found.takeRejects()).toEqual([
      { index: 1, offset: 2, length: 1, code: 'BLANK_RECORD' },
      { index: 2, offset: 3, length: 1, code: 'BLANK_RECORD' },
    ]);
  });

  test('the record after a misquoted one in CRLF starts after the next CRLF', () => {
    const found = scan('1,a"\n\r\r\n2,b,c\r\n', { ...three, recordEnd: '\r\n' });
    expect(found.takeRejects()).toEqual([{ index: 0, offset: 0, length: 8, code: 'QUOTE' }]);
    expect([found.rows, found.flags.quotedNewline]).toEqual([2, true]);
  });

  test('a fault at the end of a record longer than a block', () => {
    const record = `1,${'a'.repeat(100_000)},\0\n`;
    const found = scan(`${before}${record}${after}`);
    expect(found.takeRejects()).toEqual([{ index: 1, offset: 7, length: record.length, code: 'NUL_BYTE' }]);
  });

  test('faults in later blocks of a large chunk, at their places', () => {
    const good = '1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé,b\n'.repeat(3000);
    const found = scan(
      Buffer.concat([Buffer.from(good), latin1('1,\xe9,b\n'), Buffer.from(good), Buffer.from('1,\0,b\n')]),
    );
    const size = Buffer.byteLength(good);
    expect(found.takeRejects()).toEqual([
      { index: 3000, offset: size, length: 6, code: 'INVALID_UTF8' },
      { index: 6001, offset: 2 * size + 6, length: 6, code: 'NUL_BYTE' },
    ]);
  });
});

describe('refused', () => {
  const names = ['id', 'name', 'price'];
  const header = { ...three, guard: new HeaderAgain({ names, isDeclared: true, dialect, leavesOut: () => false }) };
  test.each<[string, string | Buffer, ScanOptions, string]>([
    [
      'CRLF among LF',
      '1,a,b\n2,c,d\r\n',
      three,
      'MIXED_EOL: record 2 at byte 6 of the data: line end at byte 11 is not LF',
    ],
    ['CR in a field among LF', '1,a\rx,b\n', three, 'MIXED_EOL: record 1 at byte 0 of the data: line end at byte 3'],
    [
      'CRLF after a closing quote',
      '1,a,"b"\r\n',
      three,
      'MIXED_EOL: record 1 at byte 0 of the data: line end at byte 7',
    ],
    [
      'LF among CRLF',
      '1,a,b\n',
      { ...three, recordEnd: '\r\n' },
      'MIXED_EOL: record 1 at byte 0 of the data: line end at byte 5 is not CRLF',
    ],
    [
      'CR among CRLF',
      '1,a,b\rx\r\n',
      { ...three, recordEnd: '\r\n' },
      'MIXED_EOL: record 1 at byte 0 of the data: line end at byte 5',
    ],
    [
      'LF among CR',
      '1,a,b\r\n2,c,d\r',
      { ...three, recordEnd: '\r' },
      'MIXED_EOL: record 2 at byte 6 of the data: line end at byte 6',
    ],
    ['a cut record', '1,a,b\n2,c', three, 'NO_FINAL_NEWLINE: record 2 at byte 6 of the data'],
    ['a cut last field', '1,a,b\n2,c,d', three, 'NO_FINAL_NEWLINE'],
    ['a cut after a closing quote', '1,a,"b"', three, 'NO_FINAL_NEWLINE'],
    ['a cut record end', '1,a,b\r', { ...three, recordEnd: '\r\n' }, 'NO_FINAL_NEWLINE'],
    ['a cut misquoted record', '1,a"', three, 'NO_FINAL_NEWLINE'],
    [
      'an open quote',
      '1,a,b\n2,"c,d\n3,e,f\n',
      three,
      'UNTERMINATED_QUOTE: record 2 at byte 6 of the data: the quote opened at byte 8',
    ],
    ['the header again', '1,a,b\nid,name,price\n', header, 'HEADER_REPEATED: record 2 at byte 6'],
    ['the header twice', 'id,name,price\n', header, 'HEADER_REPEATED: record 1 at byte 0'],
    ['the header after a byte order mark', '1,a,b\n\ufeffid,name,price\n', header, 'HEADER_REPEATED: record 2'],
    [
      'a long record',
      `1,a,${'b'.repeat(40)}\n`,
      { ...three, maxRecordBytes: 20 },
      'RECORD_TOO_LONG: record 1 at byte 0 of the data is longer than the allowed 20 bytes',
    ],
  ])('%s', (_name, data, options, message) => {
    expect(failure(data, options)).toContain(message);
  });

  test('allows a record of just the longest length', () => {
    expect(failure('1,a,bc\n', { ...three, maxRecordBytes: 7 })).toBe('none');
    expect(failure('1,a,bcd\n', { ...three, maxRecordBytes: 7 })).toContain('RECORD_TOO_LONG');
  });

  test('refuses an endless line after the longest record, in memory for one', () => {
    const chunk = Buffer.alloc(65_536, 'x');
    const found = new StructuralScan(three);
    let pushed = 0;
    expect(() => {
      for (; pushed < 1e9; pushed += chunk.length) found.push(chunk);
    }).toThrow(expect.objectContaining({ name: 'RECORD_TOO_LONG' }));
    expect(pushed).toBeLessThan(2_000_000);
  });

  test('refuses more rejects than anybody reads', () => {
    const found = new StructuralScan(one);
    found.push(Buffer.from('a"\n'.repeat(MAX_REJECTS)));
    expect(() => found.push(Buffer.from('a"\n'))).toThrow(expect.objectContaining({ name: 'TOO_MANY_REJECTS' }));
    const blank = new StructuralScan(one);
    blank.push(Buffer.alloc(MAX_REJECTS + 1, '\n'));
    expect(() => blank.push(Buffer.from('a\n'))).toThrow(expect.objectContaining({ name: 'TOO_MANY_REJECTS' }));
  });

  test('with the place in the whole data', () => {
    expect(failure('a\n\n\nb', one)).toContain('NO_FINAL_NEWLINE: record 4 at byte 4');
    expect(failure('1,a,b\n\n\n2', three)).toContain('NO_FINAL_NEWLINE: record 2 at byte 8');
  });
});

describe('flags', () => {
  test.each([
    ['nothing', '1,"a",b\n', { quotedNewline: false, bareQuote: false }],
    ['quoted LF', '1,"a\n",b\n', { quotedNewline: true, bareQuote: false }],
    ['quoted CR', '1,"a\r",b\n', { quotedNewline: true, bareQuote: false }],
    ['bare quote', '1,a",b\n', { quotedNewline: false, bareQuote: true }],
    ['CR in a misquoted record', '1,a"\rx,b\n', { quotedNewline: true, bareQuote: true }],
  ])('%s', (_name, data, flags) => {
    expect(scan(data).flags).toEqual(flags);
  });
});

test('takes linear time for a million quotes in a field, and for chunks of one byte', () => {
  const quotes = Buffer.from(`1,"${'""'.repeat(500_000)}",b\n`);
  const found = new StructuralScan(three);
  for (let at = 0; at < quotes.length; at++) found.push(quotes.subarray(at, at + 1));
  found.finish();
  expect([found.rows, found.takeRejects()]).toEqual([1, []]);
});
