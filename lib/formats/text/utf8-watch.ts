import { isAscii, isUtf8 } from 'node:buffer';

/**
 * Finds out whether a file with another declared encoding is UTF-8: valid as a whole, with characters beyond ASCII. Text in a single-byte
 * encoding hardly ever is valid UTF-8 by chance.
 */
export class Utf8Watch {
  #isValid = true;
  #isBeyondAscii = false;
  /** The start of a character whose other bytes are still to come. */
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (!this.#isValid || (this.#rest.length === 0 && isAscii(chunk))) return;
    this.#isBeyondAscii = true;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = bytes.length - cutCharacter(bytes);
    this.#isValid = isUtf8(bytes.subarray(0, end));
    this.#rest = Buffer.from(bytes.subarray(end));
  }

  /** Known at the end of the file. */
  get isUtf8(): boolean {
    return this.#isValid && this.#isBeyondAscii && this.#rest.length === 0;
  }
}

/** How many bytes at the end are the beginning of a character; 0 also when they cannot be the beginning of any. */
function cutCharacter(bytes: Buffer): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length < whole ? length : 0;
  }
  return 0;
}
