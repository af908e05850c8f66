import { NightfeedError } from '../../../core/errors.ts';
import type { Decoder } from './decoder.ts';
import type { EncodingName } from './names.ts';
import { OddPlaces } from './odd-places.ts';
import { Utf8Text } from './utf8-text.ts';

/** How the characters of an encoding are read. */
export interface CharacterReader {
  /** These bytes are ASCII alone, and leave everything as it is. */
  isPlain(bytes: Buffer): boolean;
  /** Puts what stands at `at` into the text. Answers how many bytes that were, and 0 where more have to come to know. */
  read(bytes: Buffer, at: number, text: Utf8Text): number;
}

/** Encodings with several bytes for some characters. */
export class MultiBytes implements Decoder {
  readonly #encoding: EncodingName;
  readonly #reader: CharacterReader;
  readonly #odd: OddPlaces;
  /** Bytes whose character is not all there. */
  #held: Buffer = Buffer.alloc(0);
  /** How many bytes came before those held. */
  #before = 0;

  constructor(encoding: EncodingName, reader: CharacterReader) {
    this.#encoding = encoding;
    this.#reader = reader;
    this.#odd = new OddPlaces(encoding);
  }

  get notes(): string[] {
    return this.#odd.notes;
  }

  decode(chunk: Buffer): Buffer {
    if (this.#held.length === 0 && this.#reader.isPlain(chunk)) {
      this.#before += chunk.length;
      return chunk;
    }
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const text = new Utf8Text((bytes.length + 1) * MOST);
    let at = 0;
    while (at < bytes.length) {
      const length = this.#reader.read(bytes, at, text);
      if (length === 0) break;
      if (text.odd > 0) {
        this.#odd.add(bytes.subarray(at, at + length), this.#before + at);
        text.odd = 0;
      }
      at += length;
    }
    this.#before += at;
    this.#held = Buffer.from(bytes.subarray(at));
    return text.bytes;
  }

  finish(): void {
    if (this.#held.length === 0) return;
    throw new NightfeedError('ENCODING', `the file ends within a character of ${this.#encoding}; it may have been cut`);
  }
}

/** A byte becomes at most so many. */
const MOST = 3;
