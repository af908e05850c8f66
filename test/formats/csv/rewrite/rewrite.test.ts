import { describe, expect, test } from 'vitest';
import { readDelimited } from '../../../support/formats/read-delimited.ts';

const columns = ['id', 'name', 'note'];

type Expected = (string | null)[][] | { readonly rejects: Record<number, string>; readonly rows?: (string | null)[][] };

type Cases = readonly (readonly [about: string, body: string, expected: Expected | string])[];

/** A file without a header in this format: its rows, with its rejects, or the name of the error. In one piece and byte by byte. */
function testBodies(format: Record<string, unknown>, cases: Cases): void {
  test.each(cases)('%s', async (_about, body, expected) => {
    for (const sizes of [[], [1], [3, 2]]) {
      const read = readDelimited({ header: false, ...format }, Buffer.from(body), columns, sizes);
      if (typeof expected === 'string') await expect(read).rejects.toMatchObject({ name: expected });
      else expect(await read).toMatchObject(Array.isArray(expected) ? { rows: expected, rejects: {} } : expected);
    }
  });
}

const ok = ['9', 'x', 'y'];

describe('an escape', () => {
  testBodies({ delimiter: '|', escape: '\\' }, [
    ['before quotes, within them and outside', '1|"2\\" x 4\\""|a\\"b\n', [['1', '2" x 4"', 'a"b']]],
    ['before itself', '1|C:\\\\|"C:\\\\"\n', [['1', 'C:\\', 'C:\\']]],
    ['before a delimiter', '1|a\\|b|c\n', [['1', 'a|b', 'c']]],
    ['before a line end', '1|a\\\nb|c\n9|x|y\n', [['1', 'a\nb', 'c'], ok]],
    ['before CRLF in a file of CRLF', '9|x|y\r\n1|a\\\r\nb|c\r\n', [ok, ['1', 'a\r\nb', 'c']]],
    ['that means nothing', '1|a\\zb|c\n9|x|y\n', { rejects: { 0: 'SYNTAX' }, rows: [ok] }],
    ['that means nothing, within quotes', '1|"\\n"|c\n9|x|y\n', { rejects: { 0: 'SYNTAX' }, rows: [ok] }],
    ['at the end of the file', '9|x|y\n1|a|c\\', 'NO_FINAL_NEWLINE'],
    ['before the last line end', '9|x|y\n1|a|c\\\n', 'NO_FINAL_NEWLINE'],
    ['within quotes at the end of the file', '1|a|"c\\', 'NO_FINAL_NEWLINE'],
    ['before the quote that should close', '1|a|"c\\"\n', 'UNTERMINATED_QUOTE'],
    ['beside doubled quotes', '1|"a""b\\"c"|d\n', [['1', 'a"b"c', 'd']]],
    [
      'with a misplaced quote: the record ends at the next line end',
      '1|a"b|c\n9|x|y\n',
      { rejects: { 0: 'QUOTE' }, rows: [ok] },
    ],
    [
      'with a misplaced quote, but not at an escaped one',
      '1|a"b|c\\\nd\n9|x|y\n',
      { rejects: { 0: 'QUOTE' }, rows: [ok] },
    ],
  ]);
});

describe('the escapes of MySQL', () => {
  testBodies({ delimiter: '\t', quote: '', escape: 'mysql', null_values: ['\\N'] }, [
    ['for line ends and tabs', '1\ta\\\nb\tc\\\td\n9\tx\ty\n', [['1', 'a\nb', 'c\td'], ok]],
    ['as letters', '1\ta\\nb\\tc\\rd\\be\\Zf\t\\\\\n', [['1', 'a\nb\tc\rd\be\x1af', '\\']]],
    ['for null, which stands alone', '1\t\\N\t\\\\N\n', [['1', null, '\\N']]],
    ['for null within text', '1\ta\\N\tb\n', { rejects: { 0: 'SYNTAX' } }],
    ['for NUL', '1\ta\\0\tb\n9\tx\ty\n', { rejects: { 0: 'NUL_BYTE' }, rows: [ok] }],
    ['that it does not have', '1\ta\\vb\tc\n', { rejects: { 0: 'SYNTAX' } }],
    ['beside an empty text', '1\t\tb\n', [['1', '', 'b']]],
  ]);
});

describe("the escapes of PostgreSQL's COPY", () => {
  testBodies({ delimiter: '\t', quote: '', escape: 'copy', null_values: ['\\N'] }, [
    ['as letters', '1\ta\\nb\\tc\\rd\\be\\ff\\vg\t\\\\\n', [['1', 'a\nb\tc\rd\be\ff\vg', '\\']]],
    ['for null, which stands alone', '1\t\\N\t\\\\N\n', [['1', null, '\\N']]],
    ['as numbers, which it never writes', '1\t\\x41\t\\101\n', { rejects: { 0: 'SYNTAX' } }],
    ['and the end of data', '9\tx\ty\n\\.\n', [ok]],
    ['and the end of data without a line end', '9\tx\ty\n\\.', [ok]],
    ['and data after their end', '9\tx\ty\n\\.\n1\ta\tb\n', 'DATA_AFTER_END'],
    ['and a blank line after their end', '9\tx\ty\n\\.\n\n', 'DATA_AFTER_END'],
    ['and what only begins like the end of data', '\\..\tx\ty\n9\tx\ty\n', { rejects: { 0: 'SYNTAX' }, rows: [ok] }],
  ]);
});

describe('lazy quotes', () => {
  testBodies({ quotes: 'lazy' }, [
    ['in an unquoted field', '1,27" wide,6"\n', [['1', '27" wide', '6"']]],
    ['in a quoted field', '1,"The "Big" one",z\n', [['1', 'The "Big" one', 'z']]],
    ['are doubled where no other stands', '1,"a ""b"" c","d, e"\n', [['1', 'a "b" c', 'd, e']]],
    ['beside doubled ones: two readings', '1,"a"b""c",z\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['before doubled ones: two readings', '1,"a""b"c",z\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['after a delimiter, where a field could begin', '1,"a,"b",z\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['before a line end within the field', '1,"a"b\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['after a line end within the field', '1,"a\nb"c",z\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['after a blank at the start', '1, "a",z\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['that split a field', '1,"a", b",z\n9,x,y\n', { rejects: { 0: 'FIELD_COUNT' }, rows: [ok] }],
    ['that never close', '1,"a,z\n9,x,y\n', 'UNTERMINATED_QUOTE'],
  ]);

  test('are counted in a note', async () => {
    const read = await readDelimited({ quotes: 'lazy' }, Buffer.from('id,name,note\n1,a"b,"c"d"\n2,"e",f\n'), columns);
    expect(read.notes).toEqual(['2 field(s) with quotes that were read as text']);
  });
});

describe('blanks around quotes', () => {
  testBodies({ blanks_around_quotes: true }, [
    ['before and after', '1, "b c" ,\t"d"\t\n', [['1', 'b c', 'd']]],
    ['within the quotes stay', '1," b ",c\n', [['1', ' b ', 'c']]],
    ['around unquoted fields stay', '1, b , c\n', [['1', ' b ', ' c']]],
    ['and text behind them', '1, "b" c,d\n9,x,y\n', { rejects: { 0: 'QUOTE' }, rows: [ok] }],
    ['around nothing are an empty text', '1, "" ,d\n', [['1', '', 'd']]],
  ]);
  testBodies({ blanks_around_quotes: true, quotes: 'lazy' }, [
    ['with lazy quotes', '1, "The "Big" one" ,c" d\n', [['1', 'The "Big" one', 'c" d']]],
  ]);
});

describe('record ends', () => {
  testBodies({ delimiter: '\x01', quote: '', record_end: '\x02\n', comment: '#' }, [
    ['of two characters', '1\x01a\nb\x01c\x02\n9\x01x\x01y\x02\n', [['1', 'a\nb', 'c'], ok]],
    ['whose first one is text', '1\x01a\x02b\x01c\x02\n', [['1', 'a\x02b', 'c']]],
    ['of a comment', '#1\x01a\n\x02\n9\x01x\x01y\x02\n#2\x02\n', [ok]],
    ['cut', '9\x01x\x01y\x02\n1\x01a\x01b\x02', 'NO_FINAL_NEWLINE'],
  ]);
  testBodies({ record_end: '\n' }, [['of LF alone leave CR in the text', '1,a\rb,c\r\n', [['1', 'a\rb', 'c\r']]]]);
  testBodies({ record_end: '\r' }, [['of CR alone leave LF in the text', '1,a\nb,c\r', [['1', 'a\nb', 'c']]]]);
  testBodies({ delimiter: '||' }, [
    ['are all as the first', '9||x||y\n1||a||b\r\n', 'MIXED_EOL'],
    ['that are CR', '9||x||y\r9||x||y\r', [ok, ok]],
    ['are missing at the end', '9||x||y\n1||a||b', 'NO_FINAL_NEWLINE'],
    ['of blank lines are none', '9||x||y\n\n9||x||y\n\n', [ok, ok]],
  ]);
  testBodies({ delimiter: '||', allow_mixed_record_ends: true }, [
    ['of two kinds', '9||x||y\n1||a||b\r\n9||x||y\n', [ok, ['1', 'a', 'b'], ok]],
    ['of CR and others', '9||x||y\n1||a||b\r9||x||y\n', 'MIXED_EOL'],
  ]);
});

describe('what else a format says holds here, too', () => {
  testBodies({ delimiter: '||', min_fields: 2 }, [['fewer fields', '1||a\n9||x||y\n', [['1', 'a', null], ok]]]);
  testBodies({ delimiter: '||', allow_trailing_delimiter: true }, [
    [
      'a delimiter too many',
      '1||a||b||\n9||x||y||\n',
      [
        ['1', 'a', 'b', null],
        ['9', 'x', 'y', null],
      ],
    ],
  ]);
  testBodies({ delimiter: '||', null_values: ['-'], quoted_nulls: true }, [
    [
      'null values',
      '1||-||"-"\n2||""||\n',
      [
        ['1', null, null],
        ['2', '', ''],
      ],
    ],
  ]);
  testBodies({ delimiter: '||', null_values: [] }, [['no null values', '1||||\n', [['1', '', '']]]]);
  testBodies({ delimiter: '||', reject_control_characters: true }, [
    ['control characters', '1||a\x07||b\n9||x||y\n', { rejects: { 0: 'CONTROL_CHARACTER' }, rows: [ok] }],
  ]);
  testBodies({ delimiter: '||', trailer: 'T{rows}' }, [
    ['a trailer', '9||x||y\nT1\n', [ok]],
    ['a trailer that counts otherwise', '9||x||y\nT2\n', 'TRAILER_MISMATCH'],
  ]);
  testBodies({ delimiter: '||', leader: 'H*', skip: { tail: 1 } }, [
    ['lines beside the data', 'H1\n9||x||y\nsum\n', [ok]],
    ['a left-out line that is data', 'H1\n9||x||y\n1||a||b\n', 'SKIPPED_DATA'],
  ]);
  testBodies({ delimiter: '||', header: true }, [
    ["Excel's sep=", 'sep=||\nid||name||note\n9||x||y\n', [ok]],
    ['another one', 'sep=|\nid||name||note\n9||x||y\n', 'PREAMBLE_MISMATCH'],
    ['the header again', 'id||name||note\n9||x||y\n"id"||name||note\n', 'HEADER_REPEATED'],
  ]);
  testBodies({ delimiter: '||' }, [
    ['a byte order mark inside', '9||x||y\n\ufeff1||a||b\n', { rejects: { 1: 'BOM_INSIDE' }, rows: [ok] }],
    ['one before a field that needs quotes', '9||x||y\n\ufeff1,2||a||b\n', { rejects: { 1: 'QUOTE' }, rows: [ok] }],
    ['an undeclared header', 'id||name||note\n9||x||y\n', 'HEADER_UNDECLARED'],
    ['NUL', '1||a\0||b\n9||x||y\n', { rejects: { 0: 'NUL_BYTE' }, rows: [ok] }],
    ['an endless record', `1||${'a'.repeat(2_000_001)}||b\n`, 'RECORD_TOO_LONG'],
    ['no bytes', '', 'EMPTY_FILE'],
  ]);

  test.each([
    ['utf-16', Buffer.from('\ufeff1¦größe¦€\n', 'utf16le')],
    ['latin-1', Buffer.from('1¦größe¦x\n', 'latin1')],
  ])('the encoding %s', async (encoding, bytes) => {
    const { rows } = await readDelimited({ delimiter: '¦', header: false, encoding }, bytes, columns, [1]);
    expect(rows).toEqual([['1', 'größe', encoding === 'utf-16' ? '€' : 'x']]);
  });

  test('a long field in tiny pieces takes linear time', async () => {
    const long = `"a""b||\n${'c'.repeat(200_000)}`;
    const { rows } = await readDelimited(
      { delimiter: '||', header: false },
      Buffer.from(`1||${long}"||d\n`),
      columns,
      [1],
    );
    expect(rows).toEqual([['1', `a"b||\n${'c'.repeat(200_000)}`, 'd']]);
  });

  test('names in other case', async () => {
    const read = await readDelimited(
      { delimiter: '~|~', header_names: 'lenient' },
      Buffer.from('ID~|~ Name ~|~note\n9~|~x~|~y\n'),
      columns,
    );
    expect(read.rows).toEqual([ok]);
    expect(read.notes.join()).toContain('columns named in another way');
  });
});
