import {
  accepted,
  badLines,
  type Cases,
  held,
  noted,
  over,
  refused,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';

const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},name ${index + 1},note`);
const header = 'id,name,note';
const columns = { id: { type: 'bigint', key: true }, name: 'text', note: 'text' };
const text = (body: readonly string[] = lines, head = header, end = '\n') => [head, ...body, ''].join(end);
const subject = (format: Record<string, unknown> = {}, base = text()): Subject => ({
  table: tableOf(columns, { format }),
  base: { 't.csv': base },
});
const with3 = (line: string) => text(lines.with(2, line));
const now3 = (name: string | null, note: string | null = 'note') => ({ 3: ['3', name, note] });
const bad = (line: string) => text(badLines(lines, line, (good) => `${good}!`));

const all = (body: readonly string[]) => body.map((line) => `${line},`);
const trailing = subject({ allow_trailing_delimiter: true });
const crlf = (body: readonly string[]) => text(body, header, '\r\n');
const mixed = text(lines.with(2, '3,new,note')).replace('\n5,', '\r\n5,');
const mixedAllowed = subject({ allow_mixed_record_ends: true });
const mixedNote = 'records end with LF and with CRLF';

/** Quotes that open in row 3 and close in row 8: the rows between are text of a field. */
const strayQuotes = (column: 1 | 2) =>
  text(lines)
    .replace(/^3,name 3,note/m, column === 1 ? '3,"name 3,note' : '3,name 3,"note')
    .replace(/^8,name/m, '8,"name');
const within = (records: string) => with3(`3,"${records}",note`);
const holds = (more: Record<string, unknown>) => ({
  ...subject(),
  table: tableOf({ ...columns, name: { type: 'text', ...more } }),
});

export const structure: Cases = {
  'records within a field': [
    over(subject(), [
      ['a stray quote', strayQuotes(1).replace('8,"name', '8,name"'), held('SWALLOWED_RECORDS')],
      ['one in the last column', strayQuotes(2).replace('8,"name 8,note', '8,name 8,note"'), held('SWALLOWED_RECORDS')],
      ['one that breaks a record', strayQuotes(1), held('SWALLOWED_RECORDS')],
      ['text of the same form', within('see\n7,a,b\n8,c,d\n9,e,f'), held('SWALLOWED_RECORDS')],
      ['two such lines', within('see\n7,a,b\n8,c,d'), accepted(now3('see\n7,a,b\n8,c,d'))],
      ['lines of another form', within('a,b\n1,2\n3,4\n5,6'), accepted(now3('a,b\n1,2\n3,4\n5,6'))],
    ]),
    over(holds({ contains_records: true }), [
      ['which the feed declares', within('7,a,b\n8,c,d\n9,e,f'), accepted(now3('7,a,b\n8,c,d\n9,e,f'))],
      ['declared for another column', with3('3,a,"7,a,b\n8,c,d\n9,e,f"'), held('SWALLOWED_RECORDS')],
    ]),
  ],

  backslashes: [
    over(subject(), [
      ['before delimiters', text(lines.with(2, '3,a\\,note').with(4, '5,b\\,note')), held('BACKSLASHES')],
      [
        'before quotes, which breaks records',
        text(lines.with(2, '3,"a\\"b",c').with(4, '5,"\\"b",c')),
        held('BACKSLASHES'),
      ],
      [
        'before line ends, which invents records',
        text(['1,a\\', 'b\\,c,note', ...lines.slice(1)]),
        held('BACKSLASHES'),
      ],
      [
        'of folders',
        text(lines.with(2, '3,C:\\a\\,note').with(4, '5,C:\\b\\,note')),
        accepted({ 3: ['3', 'C:\\a\\', 'note'], 5: ['5', 'C:\\b\\', 'note'] }),
      ],
    ]),
    over({ ...subject(), table: tableOf(columns, { guards: { gone: '20%', backslashes: '100%' } }) }, [
      [
        'which the feed says are text',
        text(lines.with(2, '3,a\\,note').with(4, '5,b\\,note')),
        accepted({ 3: ['3', 'a\\', 'note'], 5: ['5', 'b\\', 'note'] }),
      ],
    ]),
  ],

  quotes: [
    over(subject(), [
      ['a quoted delimiter', with3('3,"a,b",note'), accepted(now3('a,b'))],
      ['a quoted LF', with3('3,"a\nb",note'), accepted(now3('a\nb'))],
      ['a quoted CRLF', with3('3,"a\r\nb",note'), accepted(now3('a\r\nb'))],
      ['a quoted CR', with3('3,"a\rb",note'), accepted(now3('a\rb'))],
      ['doubled quotes', with3('3,"a""b","""c"""'), accepted(now3('a"b', '"c"'))],
      ['a field that ends in a backslash', with3('3,"a\\",note'), accepted(now3('a\\'))],
      ['a field that is a backslash', with3('3,\\,note'), accepted(now3('\\'))],
      ['a backslash before a quote', bad('3,"a\\"b\\"",note'), unreadable('QUOTE')],
      ['a quote within quotes', bad('3,"a"b",note'), unreadable('QUOTE')],
      ['a bare quote', bad('3,a"b,note'), unreadable('QUOTE')],
      ['text after a closing quote', bad('3,"a" x,note'), unreadable('QUOTE')],
      ['a blank after a closing quote', bad('3,"a" ,note'), unreadable('QUOTE')],
      ['a blank before an opening quote', bad('3, "a",note'), unreadable('QUOTE')],
      ['a quote that opens and never closes', text(lines.with(2, '3,"a,note')), refused('UNTERMINATED_QUOTE')],
      ['a quote that opens in the last row', text(lines.with(19, '20,"a,note')), refused('UNTERMINATED_QUOTE')],
      ['a million quotes in one field', with3(`3,"${'""'.repeat(500_000)}",note`), accepted(now3('"'.repeat(500_000)))],
      ['single quotes', with3("3,'a b',note"), accepted(now3("'a b'"))],
    ]),
    over(subject({ quote: '' }), [
      ['quotes where there are none', with3('3,"a"b","note"'), accepted(now3('"a"b"', '"note"'))],
    ]),
  ],

  fields: [
    over(subject(), [
      ['too few', bad('3,a'), unreadable('FIELD_COUNT')],
      ['too many', bad('3,a,note,4'), unreadable('FIELD_COUNT')],
      ['an empty one more', bad('3,a,note,'), unreadable('FIELD_COUNT')],
      ['a quoted empty one more', bad('3,a,note,""'), unreadable('FIELD_COUNT')],
      ['an unquoted delimiter', bad('3,a,b,note'), unreadable('FIELD_COUNT')],
      ['one empty more in every row', text(lines.map((line) => `${line},`)), held('REJECTED_LIMIT')],
      [
        'one empty more in every row and in the header',
        text(
          lines.map((line) => `${line},`),
          `${header},`,
        ),
        held('SCHEMA_ADD'),
      ],
      ["PostgreSQL's end of data", bad('\\.'), unreadable('FIELD_COUNT')],
      ['a line like a comment', bad('#3,a'), unreadable('FIELD_COUNT')],
      ['empty and quoted empty are two things', with3('3,,""'), accepted(now3(null, ''))],
      ['words for null are text', with3('3,NULL,\\N'), accepted(now3('NULL', '\\N'))],
      ['more words for null', with3('3,N/A,-'), accepted(now3('N/A', '-'))],
      ['blanks stay', with3('3,  a ,\tb'), accepted(now3('  a ', '\tb'))],
      ['formulas stay', with3("3,=cmd|' /C calc'!A0,@SUM(1)"), accepted(now3("=cmd|' /C calc'!A0", '@SUM(1)'))],
      ['a number as text stays', with3('3,+1,007'), accepted(now3('+1', '007'))],
      ['SQL stays', with3(`3,'); DROP TABLE t; --,$$`), accepted(now3("'); DROP TABLE t; --", '$$'))],
      [
        'HTML and escapes stay',
        with3('3,<script>x</script>,\x1b[31m$x'),
        accepted(now3('<script>x</script>', '\x1b[31m$x')),
      ],
      ['lines of a log stay', with3('3,"a\r\nERROR b",{{x}}'), accepted(now3('a\r\nERROR b', '{{x}}'))],
      ["COPY's escapes stay", with3('3,\\t\\n\\\\,\\x41'), accepted(now3('\\t\\n\\\\', '\\x41'))],
      ['whitespace changed in every row', text(lines.map((line) => line.replace(' ', '  '))), held('MASS_UPDATE')],
      [
        'more rejects than allowed',
        text(lines.map((line, index) => (index % 3 ? line : `${line},x`))),
        held('REJECTED_LIMIT'),
      ],
    ]),
    over(subject({ null_values: ['', 'NULL', '\\N'] }), [
      ['declared words for null', with3('3,NULL,\\N'), accepted(now3(null, null))],
      ['quoted they are text', with3('3,"NULL",""'), accepted(now3('NULL', '')), 'spark'],
    ]),
    over(subject({ null_values: ['', 'NULL'], quoted_nulls: true }), [
      ['quoted words mean null too', with3('3,"NULL",""'), accepted(now3(null, null))],
    ]),
    over(subject({ null_values: [] }), [['nothing means null', with3('3,,""'), accepted(now3('', ''))]]),
  ],

  'a delimiter behind the last field': [
    over(trailing, [
      ['in every row', text(all(lines.with(2, '3,new,note'))), accepted(now3('new'))],
      [
        'in every row and the header',
        text(all(lines.with(2, '3,new,note')), `${header},`),
        accepted(now3('new')),
        'spark',
      ],
      ['only in the header', text(lines.with(2, '3,new,note'), `${header},`), accepted(now3('new'))],
      ['in none', with3('3,new,note'), accepted(now3('new'))],
      [
        'in every row but one',
        text(badLines(all(lines), '3,new,note', (line) => line.replace('name', 'x'))),
        unreadable('FIELD_COUNT'),
      ],
      [
        'with something behind it',
        text(badLines(all(lines), '3,new,note,x', (line) => line.replace('name', 'x'))),
        unreadable('FIELD_COUNT'),
      ],
      [
        'with a quoted nothing behind it',
        text(badLines(all(lines), '3,new,note,""', (line) => line.replace('name', 'x'))),
        unreadable('FIELD_COUNT'),
      ],
      ['in one row of many', bad('3,new,note,'), unreadable('FIELD_COUNT')],
    ]),
  ],

  'record ends': [
    over(subject(), [
      ['CRLF', crlf(lines.with(2, '3,"a\nb",note')), accepted(now3('a\nb'))],
      ['CR', text(lines.with(2, '3,"a\nb",note'), header, '\r'), noted('CR alone', now3('a\nb')), 'spark'],
      ['CRLF among LF', mixed, refused('MIXED_EOL')],
      ['LF among CRLF', crlf(lines).replace('\r\n5,', '\n5,'), refused('MIXED_EOL')],
      ['CR among LF', text().replace('\n5,', '\r5,'), refused('MIXED_EOL')],
      ['LF in the header, CRLF in the data', `${header}\n${lines.join('\r\n')}\r\n`, refused('MIXED_EOL')],
      ['a CR in a field', with3('3,a\rb,note'), refused('MIXED_EOL')],
    ]),
    over(mixedAllowed, [
      ['allowed: CRLF among LF', mixed, noted(mixedNote, now3('new'))],
      [
        'allowed: LF among CRLF',
        crlf(lines.with(2, '3,new,note')).replace('\r\n5,', '\n5,'),
        noted(mixedNote, now3('new')),
      ],
      [
        'allowed: quoted ones stay as they are',
        mixed.replace('3,new', '3,"a\r\nb\nc\rd"'),
        noted(mixedNote, now3('a\r\nb\nc\rd')),
        'spark',
      ],
      ['allowed: CRLF alone', crlf(lines.with(2, '3,new,note')), accepted(now3('new'))],
      ['allowed: LF alone', with3('3,new,note'), accepted(now3('new'))],
      ['allowed: a lone CR is not', mixed.replace('\n9,', '\r9,'), refused('MIXED_EOL')],
      ['allowed: a cut file is not', mixed.slice(0, -1), refused('NO_FINAL_NEWLINE')],
      [
        'allowed: a broken quote',
        mixed.replace('3,new', '3,a"b').replace('5,name', '5,x').replace('20,name 20,note\n', ''),
        unreadable('QUOTE'),
      ],
    ]),
  ],
};
