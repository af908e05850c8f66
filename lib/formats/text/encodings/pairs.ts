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
    if (alone === 0) return readPair(this.#table, bytes, at, text);
    text.put(alone);
    return 1;
  }
}

/** Reads two bytes. Where they are no character, an ASCII byte behind the first is read again: it may be a delimiter. */
export function readPair(table: Uint16Array, bytes: Buffer, at: number, text: Utf8Text): number {
  if (at + 1 === bytes.length) return 0;
  const trail = bytes[at + 1]!;
  const code = table[(bytes[at]! << 8) | trail]!;
  const length = code === 0 && trail < 0x80 ? 1 : 2;
  if (code === 0) text.putOdd(bytes.subarray(at, at + length));
  else text.put(code);
  return length;
}
