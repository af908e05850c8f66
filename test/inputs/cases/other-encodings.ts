import {
  accepted,
  badLines,
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

/** Files whose names end in this word; escapes stand for bytes. */
function filesOf(word: string, delimiter = ',') {
  const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}${delimiter}${word}${index + 1}`);
  const file = (body: readonly string[]) => [`id${delimiter}name`, ...body, ''].join('\n');
  return {
    whole: file(lines),
    /** Row 3 is this. */
    with3: (line: string) => file(lines.with(2, line)),
    /** Row 3 is this, row 5 changed and row 20 gone. */
    bad3: (line: string) => file(badLines(lines, line, (good) => `${good}!`)),
  };
}

const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const bytes = (escaped: string) => Buffer.from(escaped, 'latin1');
const subject = (base: string | Buffer, format: Record<string, unknown>): Subject => ({
  table: tableOf(columns, { format }),
  base: { 't.csv': typeof base === 'string' ? bytes(base) : base },
});
const now3 = (value: string) => ({ 3: ['3', value] });
const reject = 'INVALID_UTF8';

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
/** `@` becomes the character of this code, which may be none. */
function utf32le(text: string, code = 0x40): Buffer {
  const codes = [...text].map((character) => (character === '@' ? code : character.codePointAt(0)!));
  const out = Buffer.alloc(codes.length * 4);
  for (const [index, each] of codes.entries()) out.writeUInt32LE(each, index * 4);
  return out;
}

const unicode = filesOf('café €');
const utf8 = Buffer.from(unicode.whole);
/** The same with one byte behind the last name. */
const withByte = (text: Buffer, byte: number) => Buffer.concat([text.subarray(0, -1), Buffer.of(byte, 0x0a)]);
const french = filesOf('caf\xe9');
const russian = filesOf('\xec\xe8\xf0');
const dos = filesOf('caf\x82');
const japanese = filesOf('\x83|\x83\\', '|');
const jis = filesOf('\x1b$B4A;z\x1b(B');
const chinese = filesOf('\xd6\xd0\x95\x32\x82\x36');

export const otherEncodings: Cases = {
  'declared utf-16le or utf-16be': [
    over(subject(utf16le(unicode.whole), { encoding: 'utf-16le' }), [
      ['with its mark', utf16le(`\ufeff${unicode.with3('3,new')}`), accepted(now3('new'))],
      ['without it', utf16le(unicode.with3('3,new')), accepted(now3('new'))],
      ['the other order, with its mark', utf16be(`\ufeff${unicode.whole}`), refused('ENCODING')],
      ['the other order, without it', utf16be(unicode.whole), refused('ENCODING')],
    ]),
    over(subject(utf16be(unicode.whole), { encoding: 'UTF-16BE' }), [
      ['big-endian', utf16be(unicode.with3('3,new')), accepted(now3('new'))],
      ['little-endian', utf16le(unicode.whole), refused('ENCODING')],
    ]),
  ],

  'declared utf-32': [
    over(subject(utf32le(`\ufeff${unicode.whole}`), { encoding: 'utf-32' }), [
      ['with a mark', utf32le(`\ufeff${unicode.with3('3,ein 😀')}`), accepted(now3('ein 😀'))],
      ['without a mark', utf32le(unicode.with3('3,new')), accepted(now3('new'))],
      ['big-endian', utf32le(unicode.with3('3,new')).swap32(), accepted(now3('new'))],
      ['half a character', utf32le(unicode.bad3('3,@'), 0xd83d), rejected(reject)],
      ['beyond U+10FFFF', utf32le(unicode.bad3('3,@'), 0x110000), rejected(reject)],
      ['UTF-16', utf16le(`\ufeff${unicode.whole}`), refused('ENCODING')],
      ['UTF-8', utf8, refused('ENCODING')],
      ['cut in a character', utf32le(unicode.whole).subarray(0, -3), refused('ENCODING')],
      ['0 bytes', '', refused('EMPTY_FILE')],
    ]),
  ],

  'declared with one byte for a character': [
    over(subject(russian.whole, { encoding: 'windows-1251' }), [
      ['every byte that it has', bytes(russian.with3('3,\x88\xb9\xff')), accepted(now3('€№я'))],
      ['a byte that it does not have', bytes(russian.bad3('3,\x98')), rejected(reject)],
      ['several of them', bytes(russian.bad3('3,\x98\x98a\x98')), rejected(reject)],
      ['one in the key', bytes(russian.bad3('3\x98,x')), unreadable(reject)],
      ['one in the header', bytes(russian.whole.replace('name', 'name\x98')), refused('ENCODING')],
      ['UTF-8', utf8, refused('ENCODING')],
      ['UTF-8 but for one byte', withByte(utf8, 0xfc), refused('ENCODING')],
      ['UTF-8 with its mark', Buffer.from(`\ufeff${unicode.whole}`), refused('ENCODING')],
      ['the mark of UTF-16', utf16le(`\ufeff${unicode.whole}`), refused('ENCODING')],
      ['UTF-16 without a mark', utf16le(unicode.whole), refused('ENCODING')],
      ['the mark of UTF-32', utf32le(`\ufeff${unicode.whole}`), refused('ENCODING')],
      ['the mark of GB18030', bytes(`\x84\x31\x95\x33${russian.whole}`), refused('ENCODING')],
      [
        'several at once',
        bytes(russian.bad3('3,\x98').replace('4,', '4,\xff')),
        noted(
          'bytes that windows-1251 does not have in 1 place(s), the first 0x98 at byte',
          { 4: ['4', 'ямир4'], 5: ['5', 'мир5!'], 20: null },
          { [reject]: 1 },
        ),
        'spark',
      ],
    ]),
    over(subject(russian.whole, { encoding: 'windows-1251', allow_valid_utf8: true }), [
      ['UTF-8, which the feed takes as it is declared', utf8, held('MASS_UPDATE')],
    ]),
    over(subject(french.whole.replaceAll('\xe9', 'e'), { encoding: 'ascii' }), [
      ['a byte beyond ASCII', bytes(french.bad3('3,\xe9').replaceAll('caf\xe9', 'cafe')), rejected(reject)],
      ['UTF-8', Buffer.from(unicode.whole.replaceAll('€', '')), refused('ENCODING')],
    ]),
    over(subject(french.whole, { encoding: 'ISO8859-15' }), [
      ['the euro', bytes(french.with3('3,\xa4')), accepted(now3('€'))],
      ['the euro of windows-1252', bytes(french.with3('3,\x80')), noted('may be windows-1252', now3('\x80'))],
    ]),
    over(subject(dos.whole, { encoding: 'cp850' }), [['frames', bytes(dos.with3('3,\xc9\xcd')), accepted(now3('╔═'))]]),
  ],

  'declared with several bytes for a character': [
    over(subject(japanese.whole, { encoding: 'shift_jis', delimiter: '|' }), [
      ['second bytes like delimiters', bytes(japanese.with3('3|\x83|\x83\\\x83|')), accepted(now3('ポソポ'))],
      ['half-width katakana', bytes(japanese.with3('3|\xb1\xdf')), accepted(now3('ｱﾟ'))],
      ['a character that windows-31j has', bytes(japanese.bad3('3|\x87@')), rejected(reject)],
      ['half a character before the line end', bytes(japanese.bad3('3|\x83')), rejected(reject)],
      ['half a character in the key', bytes(japanese.bad3('3\xfd|x')), unreadable(reject)],
      ['half a character in the header', bytes(japanese.whole.replace('name', 'name\x83')), refused('ENCODING')],
      ['cut in a character', bytes(`${japanese.whole}21|\x83`), refused('ENCODING')],
      ['cut in a row', bytes(`${japanese.whole}21|\x83|`), refused('NO_FINAL_NEWLINE')],
      ['UTF-8', Buffer.from(filesOf('caf\xe9', '|').whole), refused('ENCODING')],
      ['UTF-8 but for one byte', withByte(Buffer.from(filesOf('日本', '|').whole), 0xb1), refused('ENCODING')],
      [
        'several at once',
        bytes(japanese.bad3('3|\x87@').replace('4|', '4|\xb1')),
        noted('the file may be windows-31j', { 4: ['4', 'ｱポソ4'], 5: ['5', 'ポソ5!'], 20: null }, { [reject]: 1 }),
        'spark',
      ],
    ]),
    over(subject(japanese.whole, { encoding: 'cp932', delimiter: '|' }), [
      ['numbers in circles', bytes(japanese.with3('3|\x87@')), accepted(now3('①'))],
    ]),
    over(subject(jis.whole, { encoding: 'iso-2022-jp' }), [
      ['kanji of bytes like quotes and commas', bytes(jis.with3('3,\x1b$B$"$,\x1b(B')), accepted(now3('あが'))],
      ['no escape before the line end', bytes(jis.bad3('3,\x1b$B4A;z')), rejected(reject)],
      ['an escape for a set that it does not have', bytes(jis.bad3('3,\x1b$(D4A\x1b(B')), rejected(reject)],
      ['a byte beyond ASCII', bytes(jis.bad3('3,\xe9')), rejected(reject)],
    ]),
    over(subject(chinese.whole, { encoding: 'gb18030' }), [
      ['two bytes and four', bytes(chinese.with3('3,\xd6\xd0\x95\x32\x82\x36')), accepted(now3('中𠀀'))],
      ['its mark', bytes(`\x84\x31\x95\x33${chinese.with3('3,x')}`), accepted(now3('x'))],
      ['four bytes that are no character', bytes(chinese.bad3('3,\xfe\x30\x81\x30')), rejected(reject)],
    ]),
  ],
};
