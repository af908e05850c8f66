import type { Dialect } from './dialect.ts';
import { type Arrived, lengthOf } from './record-ends.ts';

/** Writes one field as record text: null as nothing, an empty text within quotes. */
export class FieldText {
  /** Where fields are written, and where the field that was written last ends there. */
  out: Buffer = Buffer.alloc(0);
  written = 0;
  needsQuotes = false;
  readonly #nulls: readonly Buffer[];
  /** 1 for bytes that are nothing but text. */
  readonly #plain: Uint8Array;
  /** Where the field begins. */
  #from = 0;

  constructor({ nulls }: Dialect, plain: Uint8Array) {
    this.#nulls = nulls;
    this.#plain = plain;
  }

  /** Begins a field, with room for a quote before its text. */
  begin(from: number): void {
    this.#from = from;
    this.written = from + 1;
    this.needsQuotes = false;
  }

  /** Writes bytes up to the next one that may be more than text; answers where that stands. */
  run(bytes: Uint8Array, from: number): number {
    const plain = this.#plain;
    const out = this.out;
    let written = this.written;
    let at = from;
    for (; plain[bytes[at]!] === 1; at++) out[written++] = bytes[at]!;
    this.written = written;
    return at;
  }

  put(byte: number): void {
    if (byte === QUOTE) this.out[this.written++] = QUOTE;
    this.out[this.written++] = byte;
    if (byte === COMMA || byte === QUOTE || byte === LF || byte === CR) this.needsQuotes = true;
  }

  end(): void {
    if (this.needsQuotes || this.written === this.#from + 1) {
      this.out[this.#from] = QUOTE;
      this.out[this.written++] = QUOTE;
    } else {
      this.out.copyWithin(this.#from, this.#from + 1, this.written);
      this.written -= 1;
    }
  }

  endAsNull(): void {
    this.written = this.#from;
  }

  /** Whether a field means null; compared as it stands in the file, before any escape is read. */
  isNull(arrived: Arrived, from: number, end: number): boolean {
    const isThere = (text: Buffer) => lengthOf(text, arrived, from) === text.length;
    return this.#nulls.some((text) => text.length === end - from && isThere(text));
  }
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;
