import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NightfeedError } from '../../../../lib/core/errors.ts';
import { decoderOf } from '../../../../lib/formats/text/encodings/decoder-of.ts';
import { type EncodingName, encodingNames } from '../../../../lib/formats/text/encodings/names.ts';
import { singleByteTables } from '../../../../lib/formats/text/encodings/tables/single-bytes.ts';
import { everyCode, readerOf, tableNames } from '../../../support/formats/every-code.ts';

const others = encodingNames.filter((name) => name !== 'utf-8');
const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 });
/** Bytes that begin, go on and end characters in one encoding or another. */
const anyByte = fc.oneof(
  fc.constantFrom(0x0a, 0x0d, 0x1b, 0x22, 0x24, 0x28, 0x2c, 0x30, 0x41, 0x42, 0x4a, 0x5c, 0x7c, 0x81, 0x8e, 0x8f, 0xff),
  fc.integer({ min: 0, max: 255 }),
);
const anyBytes = fc.oneof(
  fc.array(anyByte, { maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom('\x1b$B$"$$\x1b(B,a\n', '\x1b$B$"$$\n1,2\n', '\x1b(J\\~\x1b(B').map((of) => Buffer.from(of)),
);

test.each(others)('%s: however the bytes come, they are the same text', (encoding) => {
  fc.assert(
    fc.property(anyBytes, cuts, (bytes, sizes) => {
      expect(decoded(encoding, bytes, sizes)).toEqual(decoded(encoding, bytes, []));
    }),
  );
});

test.each(tableNames)(
  '%s: codes in a row are their texts in a row, and what it does not have is no UTF-8',
  (encoding) => {
    const read = readerOf(encoding);
    const codes = everyCode(encoding).filter((code) => code[0]! >= 0x80 || code.length > 1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: codes.length - 1 }), { maxLength: 20 }), cuts, (places, sizes) => {
        const row = places.map((place) => codes[place]!);
        const texts = row.map(read);
        // An ASCII byte behind each code, as a delimiter is, and a line end behind all.
        const bytes = Buffer.concat(row.flatMap((code) => [code, Buffer.from(',')]).concat(Buffer.from('\n')));
        const { text, notes } = decoded(encoding, bytes, sizes);
        const isWhole = texts.every((each) => each !== undefined);
        expect(isUtf8(text!)).toBe(isWhole);
        if (isWhole) expect(text!.toString()).toBe(`${texts.map((each) => `${each},`).join('')}\n`);
        expect(notes.some((note) => note.includes(`bytes that ${encoding} does not have`))).toBe(!isWhole);
      }),
    );
  },
);

test.each(tableNames)('%s: bad bytes neither take line ends, quotes and commas away nor make any', (encoding) => {
  const isStructure = (byte: number) => [0x0a, 0x0d, 0x22, 0x2c].includes(byte);
  // Within kanji of ISO-2022-JP these bytes are halves of characters.
  const bytes = encoding === 'iso-2022-jp' ? anyBytes.map((of) => of.filter((byte) => byte !== 0x1b)) : anyBytes;
  fc.assert(
    fc.property(bytes, (of) => {
      const sent = Buffer.concat([of, Buffer.from('\n')]);
      const { text } = decoded(encoding, sent, []);
      expect([...text!.filter(isStructure)]).toEqual([...sent.filter(isStructure)]);
    }),
  );
});

/** Longer than what is decoded at a time: some of it ASCII, some with letters that most encodings have, and some with any bytes. */
const longTexts = fc
  .array(
    fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('', '\xe4\xf6\xfc', '\xa7', '\x80\x81\xd0\xff')),
    {
      minLength: 4,
      maxLength: 8,
    },
  )
  .map((parts) =>
    Buffer.from(parts.map(([length, rare]) => 'some text '.repeat(length / 10) + rare).join(''), 'latin1'),
  );

test.each(tableNames.filter((name) => name in singleByteTables))(
  '%s: a long text is what its bytes are one by one, and bytes that it does not have are counted and placed',
  (encoding) => {
    const table = singleByteTables[encoding as keyof typeof singleByteTables];
    const characterOf = (byte: number) => (byte < 0x80 ? String.fromCharCode(byte) : table.at(byte - 256));
    fc.assert(
      fc.property(longTexts, fc.nat({ max: 70_000 }), (bytes, cut) => {
        const { text, notes } = decoded(encoding, bytes, [cut]);
        const characters = Array.from(bytes, (byte) => characterOf(byte) ?? LOST);
        const expected = Array.from(bytes, (byte, at) =>
          characters[at] === LOST ? Buffer.of(0xff, byte) : Buffer.from(characters[at]!),
        );
        expect(text!.equals(Buffer.concat(expected))).toBe(true);
        const lost = characters.filter((character) => character === LOST).length;
        const first = characters.indexOf(LOST);
        const told = `in ${lost} place(s), the first 0x${bytes[first]?.toString(16).toUpperCase()} at byte ${first}`;
        expect(notes.filter((note) => note.includes('does not have'))).toEqual(
          lost === 0 ? [] : [expect.stringContaining(told)],
        );
      }),
      { numRuns: 5 },
    );
  },
);

const LOST = '\ufffd';

test.each([
  ['utf-16le', 'fffe3dd8'],
  ['utf-16be', 'feff00'],
  ['utf-32', 'fffe00004100'],
  ['utf-32be', '0000feff000000'],
  ['shift_jis', '4183'],
  ['windows-31j', '41fa'],
  ['euc-jp', '418fa2'],
  ['euc-jp', '41a4'],
  ['iso-2022-jp', '1b244224'],
  ['iso-2022-jp', '411b24'],
  ['gb2312', 'b0'],
  ['gbk', '81'],
  ['gb18030', '813081'],
  ['gb18030', '8130'],
  ['big5', 'a4'],
  ['uhc', 'b0'],
] as const)('%s that ends within a character (%s) is refused', (encoding, hex) => {
  expect(decoded(encoding, Buffer.from(hex, 'hex'), []).error).toContain('ENCODING');
});

test('a surrogate, and what is beyond U+10FFFF, is no character of UTF-32', () => {
  for (const code of [0xd800, 0xdfff, 0x110000, 0x80000041]) {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(0x41);
    bytes.writeUInt32BE(code, 4);
    const { text, notes } = decoded('utf-32be', bytes, [5]);
    expect(isUtf8(text!)).toBe(false);
    expect(notes).toEqual([
      `bytes that utf-32be does not have in 1 place(s), the first 0x${bytes.toString('hex', 4).toUpperCase()} at byte 4`,
    ]);
  }
});

test('every character of Unicode comes back from UTF-16 and UTF-32', () => {
  const all = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code >> 11 !== 27);
  const text = all.map((code) => String.fromCodePoint(code)).join('');
  const be = Buffer.alloc(all.length * 4);
  for (const [index, code] of all.entries()) be.writeUInt32BE(code, index * 4);
  for (const [encoding, bytes] of [
    ['utf-32be', be],
    ['utf-32le', Buffer.from(be).swap32()],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
  ] as const) {
    const decoder = decoderOf(encoding);
    expect(decoder.decode(bytes).equals(Buffer.from(text)), encoding).toBe(true);
    decoder.finish();
  }
});

/** The last piece takes the rest. */
function decoded(encoding: EncodingName, bytes: Buffer, sizes: readonly number[]) {
  const decoder = decoderOf(encoding as Exclude<EncodingName, 'utf-8'>);
  try {
    if (bytes.length > 0) decoder.begin?.(bytes.subarray(0, 10));
    const pieces: Buffer[] = [];
    let from = 0;
    for (const size of [...sizes, bytes.length]) {
      pieces.push(decoder.decode(Buffer.from(bytes.subarray(from, from + size))));
      from += size;
    }
    decoder.finish();
    return { text: Buffer.concat(pieces), notes: decoder.notes };
  } catch (error) {
    if (error instanceof NightfeedError) return { error: `${error.name}: ${error.message}`, notes: [] };
    throw error;
  }
}
