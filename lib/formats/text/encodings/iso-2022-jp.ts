import { isAscii } from 'node:buffer';
import type { CharacterReader } from './multi-bytes.ts';
import { once } from './once.ts';
import { jisX0208 } from './tables/jis-x-0208.ts';
import { tableOf } from './tables/rows.ts';
import type { Utf8Text } from './utf8-text.ts';

/**
 * ISO-2022-JP as RFC 1468 has it: escapes switch between ASCII, the Roman set of JIS X 0201 and JIS X 0208. A line ends in ASCII or
 * Roman; where one does not, an escape is missing, and its record is rejected.
 */
export class Iso2022Jp implements CharacterReader {
  readonly #kanji = kanji();
  #set: CharacterSet = 'ascii';

  isPlain(bytes: Buffer): boolean {
    return this.#set === 'ascii' && isAscii(bytes) && !bytes.includes(ESCAPE);
  }

  read(bytes: Buffer, at: number, text: Utf8Text): number {
    const byte = bytes[at]!;
    if (byte === ESCAPE) return this.#switch(bytes, at, text);
    const isText = this.#set === 'kanji' ? byte > 0x20 && byte < 0x7f : byte < 0x80;
    if (isText && this.#set === 'kanji') return this.#readKanji(bytes, at, text);
    if (isText && this.#set === 'ascii') return text.putAscii(bytes, at);
    if (isText) text.put(roman.get(byte) ?? byte);
    else text.putOdd(bytes.subarray(at, at + 1));
    const isLineEnd = byte === LF || byte === CR;
    if (!isLineEnd || isText) return 1;
    this.#set = 'ascii';
    text.put(byte);
    return 1;
  }

  #switch(bytes: Buffer, at: number, text: Utf8Text): number {
    const isWhole = at + 2 < bytes.length;
    const set = isWhole ? escapes.get(bytes.readUInt16BE(at + 1)) : undefined;
    if (set !== undefined) {
      this.#set = set;
      return 3;
    }
    const second = bytes[at + 1];
    if (!isWhole && (second === undefined || [...escapes.keys()].some((known) => known >> 8 === second))) return 0;
    text.putOdd(bytes.subarray(at, at + 1));
    return 1;
  }

  #readKanji(bytes: Buffer, at: number, text: Utf8Text): number {
    const known = text.putPairs(this.#kanji, bytes, at);
    if (known > 0 || at + 1 === bytes.length) return known;
    const trail = bytes[at + 1]!;
    const length = trail > 0x20 && trail < 0x7f ? 2 : 1;
    text.putOdd(bytes.subarray(at, at + length));
    return length;
  }
}

const kanji = once(() => tableOf([jisX0208]));

type CharacterSet = 'ascii' | 'roman' | 'kanji';

/** JIS X 0208 of 1978 differs from that of 1983 in the form of characters alone. */
const escapes: ReadonlyMap<number, CharacterSet> = new Map(
  (
    [
      ['(B', 'ascii'],
      ['(J', 'roman'],
      ['$@', 'kanji'],
      ['$B', 'kanji'],
    ] as const
  ).map(([sent, set]) => [Buffer.from(sent).readUInt16BE(), set]),
);

/** Where the Roman set of JIS X 0201 is other than ASCII. */
const roman: ReadonlyMap<number, number> = new Map([
  [0x5c, 0xa5],
  [0x7e, 0x203e],
]);

const ESCAPE = 0x1b;
const LF = 10;
const CR = 13;
