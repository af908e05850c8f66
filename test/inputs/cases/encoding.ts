import {
  accepted,
  badLines,
  type Case,
  type Cases,
  held,
  noted,
  over,
  refused,
  rejected,
  type Subject,
  tableOf,
  unreadable,
} from '../../support/nights/input-case.ts';

const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},café ${index + 1} €`);
const text = (body: readonly string[] = lines) => ['id,name', ...body, ''].join('\n');
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const subject = (base: string | Buffer = text(), format: Record<string, unknown> = {}): Subject => ({
  table: tableOf(columns, { format }),
  base: { 't.csv': base },
});

/** Row 3 has this text; escapes stand for bytes. */
const with3 = (value: string) => text(lines.with(2, `3,${value}`));
const bytes = (escaped: string) => Buffer.from(escaped, 'latin1');
/** As UTF-8, but row 3 is these bytes, row 5 changed and row 20 gone. */
const bad3 = (raw: string) => {
  const [before, after] = text(badLines(lines, '@', (line) => `${line}!`)).split('@') as [string, string];
  return Buffer.concat([Buffer.from(before), bytes(raw), Buffer.from(after)]);
};
/** UTF-8 as escapes for its bytes, so that others can stand beside them. */
const utf8 = (of: string) => Buffer.from(of).toString('latin1');
const utf8Lines = lines.map(utf8);
/** Rows 3 and on are these instead, and row 20 is gone. */
const from3 = (records: readonly string[], of: readonly string[] = lines, end = '\n') =>
  ['id,name', ...of.slice(0, 2), ...records, ...of.slice(2 + records.length, -1), ''].join(end);
const utf16le = (of: string) => Buffer.from(of, 'utf16le');
const utf16be = (of: string) => utf16le(of).swap16();
const now3 = (value: string) => ({ 3: ['3', value] });

const french = lines.map((line) => line.replace(' €', ''));

const odd = '\u2028\u202e\u200b😀\u0301\ufeff\\';
const controls = '\x01\x07\x1b[31m\x1f\x7f\t';
/** 0x80 to 0x9F. */
/** What windows-1252 has not assigned, and the bytes beside it that it has. */
const unassigned = '\x81\x8d\x8f\x90\x9d';
const assigned = latin1(0x80, 0xa0).replaceAll(/[\x81\x8d\x8f\x90\x9d]/g, '');
const windows1252 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

export const encoding: Cases = {
  'declared utf-8': [
    over(subject(), [
      ['a byte order mark', `\ufeff${with3('new')}`, accepted(now3('new'))],
      ['only a byte order mark', '\ufeff', refused('EMPTY_FILE')],
      ['UTF-16LE', utf16le(`\ufeff${text()}`), refused('ENCODING')],
      ['UTF-16BE', utf16be(`\ufeff${text()}`), refused('ENCODING')],
      ['UTF-16 without a mark', utf16le(text()), refused('ENCODING')],
      ['UTF-32', bytes(`\xff\xfe\0\0i\0\0\0d\0\0\0`), refused('ENCODING')],
      [
        'a byte order mark in the middle, as of concatenated files',
        bad3('\xef\xbb\xbf3,new'),
        unreadable('BOM_INSIDE'),
      ],
      ['a Latin-1 byte', bad3('3,caf\xe9'), rejected('INVALID_UTF8')],
      ['a Latin-1 byte in the key', bad3('3\xe9,new'), unreadable('INVALID_UTF8')],
      ['a file of Latin-1', bytes(text().replaceAll('€', '')), held('REJECTED_LIMIT')],
      [
        'double-encoded as a whole',
        bytes(Buffer.from(text()).toString('latin1')).toString('latin1'),
        held('MASS_UPDATE'),
      ],
      ['a NUL', bad3('3,a\0b'), rejected('NUL_BYTE')],
      ['a NUL in the key', bad3('3\0,b'), unreadable('NUL_BYTE')],
      ['an overlong character', bad3('3,\xc0\x80'), rejected('INVALID_UTF8')],
      ['half a character', bad3('3,\xed\xa0\x80'), rejected('INVALID_UTF8')],
      ['a cut character', bad3('3,\xe2\x82'), rejected('INVALID_UTF8')],
      ['beyond U+10FFFF', bad3('3,\xf4\x90\x80\x80'), rejected('INVALID_UTF8')],
      ['U+FFFD', with3('a\ufffdb'), noted('U+FFFD', now3('a\ufffdb'))],
      [
        'line separators, right-to-left, zero width, four bytes',
        with3('\u2028\u202e\u200b😀\u0301'),
        accepted(now3('\u2028\u202e\u200b😀\u0301')),
      ],
      ['another normal form', with3('cafe\u0301'), accepted(now3('cafe\u0301'))],
      ['control characters', with3('\x01\x07\x1b[31m\x1f\x7f\t'), accepted(now3('\x01\x07\x1b[31m\x1f\x7f\t'))],
      ['U+FEFF within a field', with3('a\ufeffb'), accepted(now3('a\ufeffb'))],
      [
        'several at once, behind a byte order mark',
        bytes(utf8('\ufeff') + from3([`3,"${utf8(odd)}"`, `4,${controls}`, '5,a\0b', '6,caf\xe9'], utf8Lines)),
        accepted({ 3: ['3', odd], 4: ['4', controls], 20: null }, { NUL_BYTE: 1, INVALID_UTF8: 1 }),
        'spark',
      ],
      [
        'several without a key at once: none may go',
        bytes(from3([utf8('\ufeff3,new'), '4\xe9,new', '5\0,new', '6,new'], utf8Lines)),
        accepted({ 6: ['6', 'new'] }, { BOM_INSIDE: 1, INVALID_UTF8: 1, NUL_BYTE: 1 }),
        'spark',
      ],
    ]),
    over(subject(text(), { reject_control_characters: true }), [
      ['control characters, which the feed rejects', bad3('3,\x01'), rejected('CONTROL_CHARACTER')],
      ['escapes for terminals', bad3('3,\x1b[31m'), rejected('CONTROL_CHARACTER')],
      ['DEL', bad3('3,\x7f'), rejected('CONTROL_CHARACTER')],
      ['tab and quoted line ends, which it does not', with3('"a\tb\r\nc"'), accepted(now3('a\tb\r\nc'))],
    ]),
  ],

  'declared utf-16': [
    over(subject(utf16le(`\ufeff${text()}`), { encoding: 'utf-16' }), [
      ['little-endian', utf16le(`\ufeff${with3('"a\nb"')}`), accepted(now3('a\nb'))],
      ['big-endian', utf16be(`\ufeff${with3('ein 😀')}`), accepted(now3('ein 😀'))],
      ['without a mark', utf16be(with3('new')), accepted(now3('new'))],
      [
        'with CRLF',
        utf16le(`\ufeff${with3('"a\r\nb"').replaceAll('\n', '\r\n').replace('a\r\r\nb', 'a\r\nb')}`),
        accepted(now3('a\r\nb')),
      ],
      ['cut in a character', utf16le(`\ufeff${text()}`).subarray(0, -1), refused('ENCODING')],
      ['cut in a pair', utf16le(`\ufeff${text()}\ud83d`), refused('ENCODING')],
      ['cut in a row', utf16le(`\ufeff${text()}`).subarray(0, -6), refused('NO_FINAL_NEWLINE')],
      ['UTF-8', text(), refused('ENCODING')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['gzip', bytes('\x1f\x8b\x08\0\0\0\0\0\0\0\0'), refused('BAD_MAGIC')],
      ['UTF-32', bytes(`\xff\xfe\0\0i\0\0\0d\0\0\0`), refused('ENCODING')],
      ['half a character', utf16le(`\ufeff${bad('3,\ud83dx')}`), rejected('INVALID_UTF8')],
      ['the other half', utf16le(`\ufeff${bad('3,x\ude00')}`), rejected('INVALID_UTF8')],
      ['NUL', utf16le(`\ufeff${bad('3,\0')}`), rejected('NUL_BYTE')],
      ['a byte order mark in the middle', utf16le(`\ufeff${bad('\ufeff3,x')}`), unreadable('BOM_INSIDE')],
      [
        'another byte order from the middle on',
        Buffer.concat([utf16le(`\ufeff${text(lines.slice(0, 10))}`), utf16be(text(lines.slice(10)))]),
        refused('NO_FINAL_NEWLINE'),
      ],
      [
        'several at once, little-endian, with CRLF',
        utf16le(`\ufeff${from3(['3,"a\r\nb"', '4,\ud83dx', '5,\0', '6,ein 😀'], lines, '\r\n')}`),
        accepted({ 3: ['3', 'a\r\nb'], 6: ['6', 'ein 😀'], 20: null }, { INVALID_UTF8: 1, NUL_BYTE: 1 }),
        'spark',
      ],
      [
        'several at once, big-endian, without a mark',
        utf16be(from3(['3,"a\nb"', '\ufeff4,new', '5,x\ude00', '6,ein 😀'])),
        accepted({ 3: ['3', 'a\nb'], 6: ['6', 'ein 😀'] }, { BOM_INSIDE: 1, INVALID_UTF8: 1 }),
        'spark',
      ],
    ]),
  ],

  'declared latin-1 or windows-1252': [
    over(subject(bytes(text(french)), { encoding: 'latin-1' }), [
      ['latin-1', bytes(text(french.with(2, '3,ÿ "é"'.replaceAll('"', '')))), accepted(now3('ÿ é'))],
      [
        'every character of latin-1',
        bytes(text(french.with(2, `3,${latin1(0xa0, 0x100)}`))),
        accepted(now3(latin1(0xa0, 0x100))),
      ],
      [
        'what windows-1252 has there',
        bytes(text(french.with(2, '3,\x80\x85'))),
        noted('windows-1252', now3('\x80\x85')),
      ],
      ['UTF-8 with its mark', `\ufeff${text()}`, refused('ENCODING')],
      ['UTF-16', utf16le(`\ufeff${text()}`), refused('ENCODING')],
      ['UTF-8 without a mark', text(french), refused('ENCODING')],
      [
        'UTF-8 in a single character',
        bytes(text(lines.map(() => 'x')).replace('x', '3,\xc3\xa9')),
        refused('ENCODING'),
      ],
      ['a NUL', bytes(text(badLines(french, '3,\0', (line) => `${line}!`))), rejected('NUL_BYTE')],
      [
        'several at once',
        bytes(from3([`3,${latin1(0xa0, 0x100)}`, `4,${latin1(0x80, 0xa0)}`, '5,a\0b'], french)),
        noted(
          'windows-1252',
          { 3: ['3', latin1(0xa0, 0x100)], 4: ['4', latin1(0x80, 0xa0)], 20: null },
          { NUL_BYTE: 1 },
        ),
        'spark',
      ],
    ]),
    over(subject(bytes(text(french)), { encoding: 'windows-1252' }), [
      ['windows-1252', bytes(text(french.with(2, '3,\x80 \x93a\x94 \x9f'))), accepted(now3('€ “a” Ÿ'))],
      ...[...unassigned].map(
        (byte): Case => [
          `0x${byte.charCodeAt(0).toString(16)}, which means nothing there`,
          bytes(text(badLines(french, `3,${byte}`, (line) => `${line}!`))),
          rejected('INVALID_UTF8'),
        ],
      ),
      [
        'several at once, with CRLF',
        bytes(from3([`3,${assigned}`, '4,a\0b', '5,"\xe9\r\n"', '6,\x9d'], french, '\r\n')),
        noted(
          'that windows-1252 does not have in 1 place(s)',
          { 3: ['3', windows1252], 5: ['5', 'é\r\n'], 20: null },
          { NUL_BYTE: 1, INVALID_UTF8: 1 },
        ),
        'spark',
      ],
    ]),
  ],
};

function bad(raw: string): string {
  return text(badLines(lines, raw, (line) => `${line}!`));
}

function latin1(from: number, to: number): string {
  return String.fromCharCode(...Array.from({ length: to - from }, (_, index) => from + index));
}
