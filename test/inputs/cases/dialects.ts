import { gzipSync } from 'node:zlib';
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

const columns = { id: { type: 'bigint', key: true }, name: 'text', note: 'text' };
const names = Object.keys(columns);
const rows = Array.from({ length: 20 }, (_, index) => [`${index + 1}`, `name ${index + 1}`, 'note']);

/** A file of these lines, after a header where the format has one. */
const fileOf = (lines: readonly string[], end: string) => lines.map((line) => line + end).join('');

function dialect(format: Record<string, unknown>, delimiter: string, end = '\n', more: Record<string, unknown> = {}) {
  const lines = rows.map((row) => row.join(delimiter));
  const head = format.header === false ? [] : [names.join(delimiter)];
  const subject: Subject = {
    table: tableOf(columns, { format, ...more }),
    base: { 't.csv': fileOf([...head, ...lines], end) },
  };
  return {
    subject,
    text: (body: readonly string[]) => fileOf([...head, ...body], end),
    with3: (line: string) => fileOf([...head, ...lines.with(2, line)], end),
    bad: (line: string) => fileOf([...head, ...badLines(lines, line, (good) => `${good}!`)], end),
    lines,
  };
}

const now3 = (name: string | null, note: string | null = 'note') => ({ 3: ['3', name, note] });

const three = dialect({ delimiter: '~|~', quote: '' }, '~|~');
const double = dialect({ delimiter: '||' }, '||');
const broken = dialect({ delimiter: '¦' }, '¦', '\r\n');
const app = dialect(
  { delimiter: '\x01', quote: '', header: false, record_end: '\x02\n', comment: '#' },
  '\x01',
  '\x02\n',
);
const escaped = dialect({ delimiter: '|', escape: '\\' }, '|');
const outfile = dialect({ delimiter: '\t', quote: '', header: false, escape: 'mysql', null_values: ['\\N'] }, '\t');
const copy = dialect({ delimiter: '\t', quote: '', header: false, escape: 'copy', null_values: ['\\N'] }, '\t');
const lazy = dialect({ quotes: 'lazy' }, ',');
const blanks = dialect({ blanks_around_quotes: true }, ',');
const plain = dialect({}, ',');
const pipes = dialect({ delimiter: '|' }, '|');

/** Records that a lost quote made text of a field: rows 4 to 8. */
const swallowing = double.text(double.lines.with(2, '3||"name 3||note').with(8, '9||name"||note'));

export const dialects: Cases = {
  delimiters: [
    over(three.subject, [
      ['of three characters', three.with3('3~|~a,b~|~"c~d|'), accepted(now3('a,b', '"c~d|'))],
      ['of which one is missing', three.bad('3~|~a'), unreadable('FIELD_COUNT')],
      ['of another kind', fileOf(['id||name||note', ...double.lines], '\n'), refused('HEADER_MISMATCH')],
      ['and a cut file', three.with3('3~|~a~|~b').slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ]),
    over(double.subject, [
      ['of two characters, within quotes', double.with3('3||"a||b"||"c\nd"'), accepted(now3('a||b', 'c\nd'))],
      ['of two characters, and a bare quote', double.bad('3||a"b||c'), unreadable('QUOTE')],
      ['and a quote that swallows records', swallowing, held('SWALLOWED_RECORDS')],
      [
        'and backslashes that look like escapes',
        double.text(double.lines.with(2, '3||a\\||b||c').with(3, '4||a\\||b||c')),
        held('BACKSLASHES'),
      ],
    ]),
    over(broken.subject, [['beyond ASCII', broken.with3('3¦a,b¦c'), accepted(now3('a,b', 'c'))]]),
  ],

  'record ends': [
    over(app.subject, [
      ['of an app export, with line ends as text', app.with3('3\x01a\nb\x01"c'), accepted(now3('a\nb', '"c'))],
      [
        'and its comments',
        `#id\x01name\x02\n${app.with3('3\x01a\x01b')}#recordsWritten:20\x02\n`,
        noted('2 comment line(s)', now3('a', 'b')),
      ],
      ['and a cut file', app.with3('3\x01a\x01b').slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ]),
  ],

  escapes: [
    over(escaped.subject, [
      ['of quotes and delimiters', escaped.with3('3|"6\\" x 4\\""|a\\|b'), accepted(now3('6" x 4"', 'a|b'))],
      ['of line ends and of themselves', escaped.with3('3|C:\\\\|a\\\nb'), accepted(now3('C:\\', 'a\nb'))],
      ['that mean nothing', escaped.bad('3|a\\zb|c'), unreadable('SYNTAX')],
      ['at the end', escaped.text([...escaped.lines, '21|a|b\\']), refused('NO_FINAL_NEWLINE')],
    ]),
    over(outfile.subject, [
      [
        'of MySQL',
        outfile.with3('3\tfirst line\\\nsecond\\\tpart\t\\N'),
        accepted(now3('first line\nsecond\tpart', null)),
      ],
      ['of MySQL, doubled, and an empty text', outfile.with3('3\tback\\\\slash\t'), accepted(now3('back\\slash', ''))],
      ['of MySQL, for NUL', outfile.bad('3\ta\\0b\tc'), { kind: 'rejected', code: 'NUL_BYTE', keyKnown: true }],
    ]),
    over(copy.subject, [
      ['of COPY', `${copy.with3('3\ta\\nb\\tc\t\\N')}\\.\n`, accepted(now3('a\nb\tc', null))],
      ['of COPY, and another table behind it', `${copy.with3('3\ta\tb')}\\.\n1\tx\ty\n`, refused('DATA_AFTER_END')],
    ]),
    over(pipes.subject, [
      [
        'that the feed does not declare',
        pipes.text(pipes.lines.with(2, '3|"6\\" x"|a').with(3, '4|"5\\" x"|a')),
        held('BACKSLASHES'),
      ],
    ]),
  ],

  'lazy quotes': [
    over(lazy.subject, [
      [
        'within fields',
        lazy.with3('3,TV 27" wide,"The "Big" one"'),
        noted('2 field(s) with quotes', now3('TV 27" wide', 'The "Big" one')),
      ],
      ['that can be read in two ways', lazy.bad('3,"a"b""c",d'), unreadable('QUOTE')],
    ]),
    over(plain.subject, [['that the feed does not declare', plain.bad('3,TV 27" wide,note'), unreadable('QUOTE')]]),
    over(blanks.subject, [['with blanks around them', blanks.with3('3, "a, b" ,c'), accepted(now3('a, b', 'c'))]]),
  ],
};

/** The same in a gzip file, whose checksum proves a last record whole that lacks its end. */
export const unended = {
  subject: dialect({ delimiter: '||', allow_missing_final_newline: true }, '||'),
  whole: gzipSync(double.with3('3||a||b').slice(0, -1)),
  broken: gzipSync(double.text([...double.lines, '21||a']).slice(0, -1)),
};
