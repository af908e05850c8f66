import { Utf8Text } from './utf8-text.ts';

export interface Written {
  /** Where the text ends. */
  readonly end: number;
  /** How many bytes the encoding does not have, and the index of the first. */
  readonly odd: number;
  readonly firstOdd: number;
}

/** What each byte of an encoding is in UTF-8. */
export class ByteTable {
  /** Bytes 0x80 to 0x9F are control characters. */
  readonly hasControls: boolean;
  /** What is other than in Latin-1, if anything is. */
  readonly #differing: RegExp | undefined;
  readonly #differsFromC0: boolean;
  readonly #lengths = new Uint8Array(256);
  readonly #first = new Uint8Array(256);
  readonly #second = new Uint8Array(256);
  readonly #third = new Uint8Array(256);
  readonly #isOdd = new Uint8Array(256);

  /** `last` are its last characters, and U+FFFD where it has none; those before are ASCII. */
  constructor(last: string) {
    const differing: string[] = [];
    for (let byte = 0; byte < 256; byte++) {
      const at = byte - 256 + last.length;
      const code = byte < 0x80 ? byte : at < 0 ? NONE : last.charCodeAt(at);
      this.#isOdd[byte] = code === NONE ? 1 : 0;
      if (code !== byte) differing.push(`\\x${byte.toString(16)}`);
      this.#set(byte, code);
    }
    this.hasControls = !differing.some((byte) => /^\\x[89]/.test(byte));
    this.#differing = differing.length === 0 ? undefined : new RegExp(`[${differing.join('')}]`);
    this.#differsFromC0 = differing.some((byte) => byte >= '\\xc0');
  }

  /** Whether bytes that are this text in Latin-1 are it here, too. `hasBeforeC0`: some byte from 80 to BF is among them. */
  readsAsLatin1(text: string, hasBeforeC0: boolean): boolean {
    if (!hasBeforeC0 && !this.#differsFromC0) return true;
    return this.#differing?.test(text) !== true;
  }

  /** Writes bytes as UTF-8, which takes at most three times as many, to a place in `text`. */
  write(bytes: Buffer, text: Buffer, to: number): Written {
    const [lengths, first, second, third, isOdd] = [this.#lengths, this.#first, this.#second, this.#third, this.#isOdd];
    let length = to;
    let odd = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte < 0x80) {
        text[length++] = byte;
        continue;
      }
      // Three bytes each time: what is too much is written over by the next character.
      text[length] = first[byte]!;
      text[length + 1] = second[byte]!;
      text[length + 2] = third[byte]!;
      length += lengths[byte]!;
      odd += isOdd[byte]!;
    }
    return {
      end: length,
      odd,
      firstOdd: odd === 0 ? -1 : bytes.findIndex((byte) => isOdd[byte] === 1),
    };
  }

  #set(byte: number, code: number): void {
    const text = new Utf8Text(4);
    if (code === NONE) text.putOdd(Buffer.of(byte));
    else text.put(code);
    const { bytes } = text;
    this.#lengths[byte] = bytes.length;
    this.#first[byte] = bytes[0]!;
    this.#second[byte] = bytes[1] ?? 0;
    this.#third[byte] = bytes[2] ?? 0;
  }
}

const NONE = 0xfffd;
