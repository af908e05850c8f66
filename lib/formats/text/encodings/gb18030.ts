import { isAscii } from 'node:buffer';
import type { CharacterReader } from './multi-bytes.ts';
import { readPairs } from './pairs.ts';
import { gb2312 } from './tables/gb-2312.ts';
import { gb18030 } from './tables/gb18030.ts';
import { gbk } from './tables/gbk.ts';
import { tableOf } from './tables/rows.ts';
import type { Utf8Text } from './utf8-text.ts';

/** GB 18030 in its edition of 2022: pairs as in gbk, and four bytes for all other characters of Unicode. */
export class Gb18030 implements CharacterReader {
  readonly #pairs = tableOf([gb2312, gbk, gb18030]);
  /** What four bytes mean within the first plane, by their number. */
  readonly #fours = othersThan(this.#pairs);

  constructor() {
    for (const [at, code] of this.#pairs.entries()) this.#pairs[at] = changed.get(code) ?? code;
    this.#fours[this.#fours.indexOf(0x1e3f)] = 0xe7c7;
  }

  isPlain(bytes: Buffer): boolean {
    return isAscii(bytes);
  }

  read(bytes: Buffer, at: number, text: Utf8Text): number {
    const lead = bytes[at]!;
    if (lead < 0x80) return text.putAscii(bytes, at);
    const second = bytes[at + 1];
    if (second === undefined || !isDigit(second)) return readPairs(this.#pairs, bytes, at, text);
    const third = bytes[at + 2];
    const fourth = bytes[at + 3];
    const isFour =
      lead !== 0x80 && lead !== 0xff && (third ?? 0x81) > 0x80 && third !== 0xff && isDigit(fourth ?? 0x30);
    if (isFour && fourth === undefined) return 0;
    const code = isFour ? this.#four(lead, second, third!, fourth!) : 0;
    const length = isFour ? 4 : 1;
    if (code === 0) text.putOdd(bytes.subarray(at, at + length));
    else text.put(code);
    return length;
  }

  #four(lead: number, second: number, third: number, fourth: number): number {
    const number = (((lead - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30;
    const beyond = number - FIRST_BEYOND + 0x10000;
    if (number < this.#fours.length) return this.#fours[number]!;
    return number >= FIRST_BEYOND && beyond <= 0x10ffff ? beyond : 0;
  }
}

/** The characters of the first plane that no pair means, in their order. */
function othersThan(pairs: Uint16Array): Uint16Array {
  const paired = new Set(pairs);
  const codes = Array.from({ length: 0x10000 - 0x80 }, (_, index) => index + 0x80);
  return Uint16Array.from(codes.filter((code) => !paired.has(code) && !(code >= 0xd800 && code <= 0xdfff)));
}

/**
 * What the edition of 2000 had left to private use because Unicode did not have it yet. For 1E3F the edition of 2005 exchanged both
 * codes; for the others both mean the character, as ICU has it.
 */
const changed: ReadonlyMap<number, number> = new Map([
  [0xe78d, 0xfe10],
  [0xe78e, 0xfe12],
  [0xe78f, 0xfe11],
  [0xe790, 0xfe13],
  [0xe791, 0xfe14],
  [0xe792, 0xfe15],
  [0xe793, 0xfe16],
  [0xe794, 0xfe17],
  [0xe795, 0xfe18],
  [0xe796, 0xfe19],
  [0xe7c7, 0x1e3f],
  [0xe81e, 0x9fb4],
  [0xe826, 0x9fb5],
  [0xe82b, 0x9fb6],
  [0xe82c, 0x9fb7],
  [0xe832, 0x9fb8],
  [0xe843, 0x9fb9],
  [0xe854, 0x9fba],
  [0xe864, 0x9fbb],
]);

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
/** The number of the first four bytes that mean a character beyond the first plane. */
const FIRST_BEYOND = 189_000;
