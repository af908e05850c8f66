/** Passes over ASCII four bytes at a time: one after the other takes longer than all else that is done with such text. */
export class AsciiRuns {
  /** Four bytes each, from the first place in memory that is a multiple of four. */
  readonly #words: Int32Array;
  /** How many bytes come before. */
  readonly #before: number;

  constructor({ buffer, byteOffset, length }: Uint8Array) {
    this.#before = -byteOffset & 3;
    const words = Math.max(0, length - this.#before) >> 2;
    this.#words = words === 0 ? new Int32Array() : new Int32Array(buffer, byteOffset + this.#before, words);
  }

  /** A place behind this byte, which is ASCII; so are the bytes between them. */
  after(at: number): number {
    const words = this.#words;
    const next = at + 1 - this.#before;
    if (next < 0 || (next & 3) !== 0) return at + 1;
    let word = next >> 2;
    while (word < words.length && (words[word]! & BEYOND_ASCII) === 0) word++;
    return this.#before + 4 * word;
  }
}

const BEYOND_ASCII = 0x80808080 | 0;
