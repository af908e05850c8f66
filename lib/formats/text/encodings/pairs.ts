import { isAscii } from 'node:buffer';
import type { CharacterReader } from './multi-bytes.ts';
import type { Utf8Text } from './utf8-text.ts';

/** ASCII, pairs of bytes that `table` has by both, and single bytes that `single` knows. */
export class Pairs implements CharacterReader {
  readonly #table: Uint16Array;
  readonly #single: (byte: number) => number;

  constructor(table: Uint16Array, single: (byte: number) => number = () => 0) {
    this.#table = table;
    this.#single = single;
  }

  isPlain(bytes: Buffer): boolean {
    return isAscii(bytes);
  }

  read(bytes: Buffer, at: number, text: Utf8Text): number {
    const lead = bytes[at]!;
    if (lead < 0x80) return text.putAscii(bytes, at);
    const alone = this.#single(lead);
    if (alone === 0) return readPairs(this.#table, bytes, at, text);
    text.put(alone);
    return 1;
  }
}

/** Reads pairs of bytes. Where they are no character, an ASCII byte behind the first is read again: it may be a delimiter. */
export function readPairs(table: Uint16Array, bytes: Buffer, at: number, text: Utf8Text): number {
  const known = text.putPairs(table, bytes, at);
  if (known > 0 || at + 1 === bytes.length) return known;
  const length = bytes[at + 1]! < 0x80 ? 1 : 2;
  text.putOdd(bytes.subarray(at, at + length));
  return length;
}
