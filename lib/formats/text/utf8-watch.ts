import { isAscii } from 'node:buffer';
import { AsciiRuns } from './ascii-runs.ts';

/**
 * Counts in a file with another declared encoding what is a UTF-8 character beyond ASCII, and which other bytes there are. Text in another
 * encoding hardly ever is valid UTF-8 by chance: of names of countries and languages in Thai, Russian, Greek, Chinese or Korean at most 0.3
 * characters for each other byte are, and 2 where a file has only a handful of letters.
 */
export class Utf8Watch {
  #characters = 0;
  #others = 0;
  /** The start of a character whose other bytes are still to come. */
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    if (this.#rest.length === 0 && isAscii(chunk)) return;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = bytes.length;
    const ascii = new AsciiRuns(bytes);
    let [at, characters, others] = [0, 0, 0];
    while (at < end) {
      if (bytes[at]! < 0x80) {
        at = ascii.after(at);
        continue;
      }
      const length = characterAt(bytes, at, end);
      if (length === CUT) break;
      if (length === 0) others += 1;
      else characters += 1;
      at += length === 0 ? 1 : length;
    }
    this.#characters += characters;
    this.#others += others;
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** Known at the end of the file: it is UTF-8, perhaps with some bytes that are not. */
  get isUtf8(): boolean {
    return this.#characters > this.others * BY_CHANCE;
  }

  /** Characters beyond ASCII. */
  get characters(): number {
    return this.#characters;
  }

  /** Bytes beyond ASCII that belong to no such character. */
  get others(): number {
    return this.#others + this.#rest.length;
  }

  get notes(): string[] {
    if (this.isUtf8 || this.#characters * 2 <= this.others) return [];
    return [
      `${this.#characters} character(s) are valid UTF-8, beside ${this.others} other byte(s) beyond ASCII: a part of the file may be UTF-8`,
    ];
  }
}

/** So many characters for each other byte may be UTF-8 by chance. */
const BY_CHANCE = 2;
/** The bytes end within a character. */
const CUT = -1;

/** How many bytes the UTF-8 character has that begins here; 0 where none does, and CUT. */
function characterAt(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let index = 1; index < length; index++) {
    if (at + index === end) return CUT;
    const byte = bytes[at + index]!;
    if (byte < 0x80 || byte > 0xbf) return 0;
    if (index === 1 && isOutside(first, byte)) return 0;
  }
  return length;
}

/** Overlong forms, halves of characters of UTF-16, and what is beyond U+10FFFF. */
function isOutside(first: number, second: number): boolean {
  switch (first) {
    case 0xe0:
      return second < 0xa0;
    case 0xed:
      return second > 0x9f;
    case 0xf0:
      return second < 0x90;
    case 0xf4:
      return second > 0x8f;
    default:
      return false;
  }
}
