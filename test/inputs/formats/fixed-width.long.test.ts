import { afterAll, beforeAll, describe } from 'vitest';
import {
  accepted,
  badLines,
  noted,
  refused,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { type FileCase, testFiles } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const columns = { id: { type: 'bigint', key: true }, name: 'text', note: 'text' };
const fields = { id: { start: 1, length: 4 }, name: { start: 7, length: 10 }, note: { start: 17, length: 6 } };
const line = (id: number | string, name: string, note = 'note') =>
  `${String(id).padEnd(4)}--${name.padEnd(10)}${note.padEnd(6)}`;
const lines = Array.from({ length: 20 }, (_, index) => line(index + 1, `name ${index + 1}`));
const text = (body: readonly string[] = lines, end = '\n') => body.map((each) => each + end).join('');
const changed = lines.with(2, line(3, 'new'));
const row3 = { 3: ['3', 'new', 'note'] };
const bad = (record: string) => text(badLines(lines, record, (good) => good.replace('name', 'good')));

const subject = (format: Record<string, unknown> = {}, base: string | Buffer = text()): Subject => ({
  table: tableOf(columns, { format: { type: 'fixed-width', fields, ...format } }),
  base: { 't.csv': base },
});
const files = (of: Subject, cases: readonly FileCase[]) => testFiles(() => lab, of, cases);

describe('lines of fixed width', () => {
  files(subject(), [
    ['as declared', text(changed), accepted(row3)],
    ['with CRLF', text(changed, '\r\n'), accepted(row3)],
    ['with CR alone', text(changed, '\r'), accepted(row3)],
    ['a field of blanks alone', text(lines.with(2, line(3, '', ''))), accepted({ 3: ['3', null, null] })],
    ['blanks before a text', text(lines.with(2, line(3, '  new'))), accepted({ 3: ['3', '  new', 'note'] })],
    ['commas and quotes', text(lines.with(2, line(3, 'a,"b"'))), accepted({ 3: ['3', 'a,"b"', 'note'] })],
    [
      'characters of several bytes',
      text(lines.with(2, line(3, 'größe €𝄞  '))),
      accepted({ 3: ['3', 'größe €𝄞', 'note'] }),
    ],
    ['other text between the fields', text(lines.with(2, line(3, 'new').replace('--', 'é\x01'))), accepted(row3)],
    ['a byte order mark', `\ufeff${text(changed)}`, accepted(row3)],
    ['an end mark of DOS', `${text(changed)}\x1a`, noted('end mark', row3)],
    ['blank lines at the end', `${text(changed)}\n\n`, accepted(row3)],
    ['blank lines between records', text(['', ...changed]), noted('blank lines', row3)],
    ['a short line', bad(line(3, 'short').trimEnd()), unreadable('RECORD_LENGTH')],
    ['a long line', bad(`${line(3, 'long')} `), unreadable('RECORD_LENGTH')],
    ['a tab', bad(line(3, 'a\tb')), unreadable('TAB')],
    ['a NUL byte', bad(line(3, 'a\0b')), { kind: 'rejected', code: 'NUL_BYTE', keyKnown: true }],
    ['lines of another length throughout', text(changed.map((each) => `${each}x`)), refused('RECORD_LENGTH')],
    ['lines without the blanks at their end', text(changed.map((each) => each.trimEnd())), refused('RECORD_LENGTH')],
    ['no line ends', text(changed, ''), refused('RECORD_LENGTH')],
    ['other line ends within', text(changed).replace('\n', '\r\n'), refused('MIXED_EOL')],
    ['no final line end', text(changed).slice(0, -1), refused('NO_FINAL_NEWLINE')],
    ['cut', text(changed).slice(0, -9), refused('NO_FINAL_NEWLINE')],
    ['no bytes', '', refused('EMPTY_FILE')],
    ['a header that is not declared', text([line('id', 'name'), ...changed]), refused('HEADER_UNDECLARED')],
    [
      'delimited text',
      ['id,name,note', ...changed.map((each) => each.trim().split(/--| +/).join(',')), ''].join('\n'),
      refused('BAD_MAGIC'),
    ],
    ['a ZIP archive', Buffer.from('PK\x03\x04 and so on, of some bytes'), refused('BAD_MAGIC')],
    ['UTF-16', Buffer.from(text(changed), 'utf16le'), refused('ENCODING')],
  ]);
  files(subject(), [
    [
      'bytes that are no UTF-8',
      Buffer.from(bad(line(3, 'gr\xf6\xdfe')).replace('--', '--'), 'latin1'),
      unreadable('INVALID_UTF8'),
    ],
  ]);
});

describe('lines without the blanks at their end', () => {
  const short = (body: readonly string[]) => text(body.map((each) => each.trimEnd()));
  files(subject({ min_length: 7 }, short(lines)), [
    ['end after min_length or later', short(changed), accepted(row3)],
    [
      'have nulls in the fields that are missing',
      short(lines.with(2, line(3, 'n', ''))),
      accepted({ 3: ['3', 'n', null] }),
    ],
    ['are rejected when they end before', bad('3'), unreadable('RECORD_LENGTH')],
    ['are refused where they are delimited text', ['1,a,b', '2,cc,b', '3,d,ee', ''].join('\n'), refused('BAD_MAGIC')],
  ]);
});

describe('a declared length', () => {
  files(subject({ record_length: 30 }, text(lines.map((each) => each.padEnd(30, '.')))), [
    ['may have more behind the last field', text(changed.map((each) => each.padEnd(30, '.'))), accepted(row3)],
    [
      'is that of each line',
      bad(line(3, 'new')).replaceAll(/^.{22}$/gm, (each) => (each.startsWith('3 ') ? each : each.padEnd(30, '.'))),
      unreadable('RECORD_LENGTH'),
    ],
  ]);
});

describe('records that follow one another', () => {
  files(subject({ record_end: 'none' }, text(lines, '')), [
    ['as declared', text(changed, ''), accepted(row3)],
    [
      'with characters of several bytes',
      text(lines.with(2, line(3, 'größe €𝄞  ')), ''),
      accepted({ 3: ['3', 'größe €𝄞', 'note'] }),
    ],
    ['and end within one', text(changed, '').slice(0, -1), refused('RECORD_LENGTH')],
    [
      'with a line end in one',
      text(
        badLines(lines, line(3, 'a\nb'), (good) => good.replace('name', 'good')),
        '',
      ),
      unreadable('RECORD_LENGTH'),
    ],
    ['with line ends between them', text(changed), refused('RECORD_LENGTH')],
    [
      'with bytes that are no characters',
      Buffer.from(text(lines.with(2, line(3, '\xf6')), ''), 'latin1'),
      refused('ENCODING'),
    ],
  ]);
});

describe('places counted in bytes', () => {
  const bytes = { unit: 'bytes' };
  const filled = (name: string) => `3   --${name}${' '.repeat(10 - Buffer.byteLength(name))}note  `;
  files(subject(bytes), [
    ['with characters of several bytes', text(lines.with(2, filled('größe'))), accepted({ 3: ['3', 'größe', 'note'] })],
    [
      'with a character cut in two',
      bad(`3   --123456789äote  `),
      { kind: 'rejected', code: 'INVALID_UTF8', keyKnown: true },
    ],
    ['and are not where characters would be', bad(line(3, 'größe')), unreadable('RECORD_LENGTH')],
  ]);
  const latin = { unit: 'bytes', encoding: 'latin-1' };
  files(subject(latin), [
    [
      'of an encoding of one byte each',
      Buffer.from(text(lines.with(2, line(3, 'größe'))), 'latin1'),
      accepted({ 3: ['3', 'größe', 'note'] }),
    ],
  ]);
});

describe('places counted in bytes of several for a character', () => {
  const fill = (name: Buffer) =>
    Buffer.concat([Buffer.from('3   --'), name, Buffer.alloc(10 - name.length, ' '), Buffer.from('note  ')]);
  const withRow = (row: Buffer, body: readonly string[] = lines) =>
    Buffer.concat(body.flatMap((each, index) => [index === 2 ? row : Buffer.from(each), Buffer.from('\n')]));
  const kanji = Buffer.from([0x93, 0xfa, 0x96, 0x7b]);
  files(subject({ unit: 'bytes', encoding: 'shift_jis' }), [
    ['of Japanese', withRow(fill(Buffer.concat([kanji, Buffer.from(' a')]))), accepted({ 3: ['3', '日本 a', 'note'] })],
    [
      'with a character cut in two',
      withRow(Buffer.concat([Buffer.from('3   --123456789'), kanji, Buffer.from('te ')])),
      accepted({}, { INVALID_UTF8: 1 }),
    ],
    [
      'with one cut between a field and what is not read',
      withRow(Buffer.concat([Buffer.from('3   -'), Buffer.from([0x83, 0x41]), Buffer.from('name     note  ')])),
      accepted({}, { INVALID_UTF8: 1 }),
    ],
    ['that are UTF-8', withRow(fill(Buffer.from('日本'))), refused('ENCODING')],
    [
      'that are UTF-8 but for one',
      withRow(fill(Buffer.concat([Buffer.from('日本日'), Buffer.of(0xb1)]))),
      refused('ENCODING'),
    ],
  ]);
});

describe('numbers at the right, words for null, tabs', () => {
  const right = (body: readonly string[]) => text(body.map((each) => each.replace(/^(\d+)( +)/, '$2$1')));
  files(subject({ trim: 'both' }, right(lines)), [['trim: both', right(changed), accepted(row3)]]);
  files(subject({ null_values: ['', 'NULL'] }), [
    ['null_values', text(lines.with(2, line(3, 'NULL', 'NULLS'))), accepted({ 3: ['3', null, 'NULLS'] })],
  ]);
  files(subject({ null_values: [] }), [
    ['no nulls', text(lines.with(2, line(3, ''))), accepted({ 3: ['3', '', 'note'] })],
  ]);
  files(subject({ allow_tabs: true }), [
    ['allow_tabs', text(lines.with(2, line(3, 'a\tb'))), accepted({ 3: ['3', 'a\tb', 'note'] })],
  ]);
});

describe('lines beside the data', () => {
  const header = line('id', 'name');
  files(subject({ header: true }, text([header, ...lines])), [
    ['a header', text([header.trimEnd(), ...changed]), accepted(row3)],
    ['another header', text([header.replace('name', 'nome'), ...changed]), refused('HEADER_MISMATCH')],
    ['no header', text(changed), refused('HEADER_MISMATCH')],
    ['the header again', text([header, ...changed, header, line(21, 'x')]), refused('HEADER_REPEATED')],
  ]);
  const around = (body: readonly string[], rows = body.length) => text(['HDR', '#', ...body, `TRL${rows}`]);
  files(subject({ leader: 'HDR', comment: '#', trailer: 'TRL{rows}' }, around(lines)), [
    ['leader, comment and trailer', around(changed), noted('comment', row3)],
    ['another count', around(changed, 19), refused('TRAILER_MISMATCH')],
  ]);
  files(subject({ skip: { tail: 1 } }, text([...lines, 'sum'])), [
    ['a last line that is left out', text([...changed, 'sum']), accepted(row3)],
    ['one that is a row', text(changed), refused('SKIPPED_DATA')],
  ]);
  const allowed = { allow_missing_final_newline: true, trailer: 'TRL' };
  files(subject(allowed, text([...lines, 'TRL'])), [
    ['a trailer without its line end', text([...changed, 'TRL']).slice(0, -1), noted('proves the file whole', row3)],
  ]);
});
