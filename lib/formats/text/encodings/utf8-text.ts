/** Text that grows, as UTF-8. */
export class Utf8Text {
  /** Places where bytes stood that the encoding does not have. */
  odd = 0;
  readonly #bytes: Buffer;
  #length = 0;

  /** `room` is the most bytes that the text takes. */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  put(code: number): void {
    const bytes = this.#bytes;
    if (code < 0x80) {
      bytes[this.#length++] = code;
    } else if (code < 0x800) {
      bytes[this.#length++] = 0xc0 | (code >> 6);
      bytes[this.#length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[this.#length++] = 0xe0 | (code >> 12);
      bytes[this.#length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[this.#length++] = 0x80 | (code & 0x3f);
    } else {
      bytes[this.#length++] = 0xf0 | (code >> 18);
      bytes[this.#length++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[this.#length++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[this.#length++] = 0x80 | (code & 0x3f);
    }
  }

  /** Puts ASCII from `at` on, up to the next byte that is none, or to an escape. Answers how many bytes these are, at least one. */
  putAscii(bytes: Buffer, at: number): number {
    const to = this.#bytes;
    let length = this.#length;
    let from = at;
    do to[length++] = bytes[from++]!;
    while (from < bytes.length && bytes[from]! < 0x80 && bytes[from] !== ESCAPE);
    this.#length = length;
    return from - at;
  }

  /**
   * Puts pairs of bytes from `at` on that `table` has by both, up to the first that it does not have. Answers how many bytes these are.
   * It is one loop because texts of pairs consist of little else.
   */
  putPairs(table: Uint16Array, bytes: Buffer, at: number): number {
    const to = this.#bytes;
    let length = this.#length;
    let from = at;
    for (; from + 1 < bytes.length; from += 2) {
      const code = table[(bytes[from]! << 8) | bytes[from + 1]!]!;
      if (code < 0x80) break;
      if (code < 0x800) {
        to[length++] = 0xc0 | (code >> 6);
      } else {
        to[length++] = 0xe0 | (code >> 12);
        to[length++] = 0x80 | ((code >> 6) & 0x3f);
      }
      to[length++] = 0x80 | (code & 0x3f);
    }
    this.#length = length;
    return from - at;
  }

  /** Puts bytes that are no text: each behind FF, which UTF-8 never has, and none as a delimiter, quote or line end. */
  putOdd(bytes: Buffer): void {
    this.odd += 1;
    for (const byte of bytes) {
      this.#bytes[this.#length++] = ODD;
      this.#bytes[this.#length++] = byte | 0x80;
    }
  }
}

/** Stands before a byte that the encoding does not have. */
const ODD = 0xff;
const ESCAPE = 0x1b;
