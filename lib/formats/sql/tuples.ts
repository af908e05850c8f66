import type { RecordWriter } from '../text/record-writer.ts';
import type { Dialect } from './options.ts';
import { isBlank, quotedEnd } from './quoted.ts';
import { otherStatement } from './refusals.ts';
import { type Escapes, unescaped } from './unescape.ts';

/** What is made of the value at a place in a row. */
export interface Uses {
  /** Whether it matters. */
  isRead(index: number): boolean;
  /** Whether a number is read. */
  isNumber(index: number): boolean;
}

/**
 * Writes the literals of a row in parentheses as fields. Nothing is computed: what is no literal refuses the dump, with SQL_STATEMENT.
 * DEFAULT is none, and may stand where the value does not matter.
 */
export class Tuples {
  /** Values of the row before the one at hand. */
  #count = 0;
  readonly #out: RecordWriter;
  readonly #isMysql: boolean;
  readonly #isUtf8: boolean;
  readonly #uses: Uses;
  #scratch: Buffer = Buffer.alloc(1024);

  constructor(dialect: Dialect, isUtf8: boolean, out: RecordWriter, uses: Uses) {
    this.#isMysql = dialect === 'mysql';
    this.#isUtf8 = isUtf8;
    this.#out = out;
    this.#uses = uses;
  }

  /** Behind the row whose parenthesis opens here; undefined when it is not whole yet. */
  read(bytes: Buffer, opening: number): number | undefined {
    this.#count = 0;
    for (let at = opening + 1; ; at++) {
      const start = blankEnd(bytes, at);
      const end = start < bytes.length ? this.#value(bytes, start) : undefined;
      at = end === undefined ? bytes.length : blankEnd(bytes, end);
      if (at >= bytes.length) return undefined;
      this.#count += 1;
      if (bytes[at] === CLOSE) return at + 1;
      if (bytes[at] !== COMMA) throw this.#noLiteral(bytes, start);
    }
  }

  #value(bytes: Buffer, at: number): number | undefined {
    const byte = bytes[at]!;
    if (byte === QUOTE || (byte === DOUBLE && this.#isMysql))
      return this.#string(bytes, at, this.#isMysql ? 'mysql' : 'none');
    let end = at;
    while (end < bytes.length && isOfWord(bytes, end)) end++;
    if (end === bytes.length) return undefined;
    if (end === at) throw this.#noLiteral(bytes, at);
    if (isPlainNumber(bytes, at, end)) this.#field(bytes, at, end);
    else return this.#word(bytes, at, end);
    return end;
  }

  /** A number that is more than digits, a constant, or what says how a string is read. */
  #word(bytes: Buffer, at: number, end: number): number | undefined {
    const word = bytes.toString('latin1', at, end).toLowerCase();
    if (number.test(word)) this.#field(bytes, at, end);
    else if (word === 'null') this.#null();
    else if (word === 'true' || word === 'false') this.#text(word);
    else if (word === 'default' && !this.#uses.isRead(this.#count)) this.#null();
    else if (this.#isMysql && /^0x[0-9a-f]*$/.test(word)) this.#hex(word.slice(2));
    else return this.#introduced(bytes, at, end, word);
    return end;
  }

  #introduced(bytes: Buffer, at: number, end: number, word: string): number | undefined {
    const opening = this.#isMysql ? blankEnd(bytes, end) : end;
    if (opening >= bytes.length) return undefined;
    const isQuoted = bytes[opening] === QUOTE || (this.#isMysql && bytes[opening] === DOUBLE);
    if (!isQuoted) throw this.#noLiteral(bytes, at);
    if (word === 'e' && !this.#isMysql) return this.#string(bytes, opening, 'e-string');
    if (this.#isMysql && sameText.test(word)) return this.#string(bytes, opening, 'mysql');
    const close = quotedEnd(bytes, opening, this.#isMysql);
    if (close === undefined) return undefined;
    const text = bytes.toString('latin1', opening + 1, close - 1);
    if (word === '_binary' && this.#isMysql && this.#isUtf8) this.#binary(bytes, opening, close);
    else if (word === 'x' && this.#isMysql && /^([0-9a-f]{2})*$/i.test(text)) this.#hex(text);
    else if (word === 'b' && /^[01]*$/.test(text)) this.#bits(text);
    else throw this.#noLiteral(bytes, at);
    return close;
  }

  #string(bytes: Buffer, opening: number, escapes: Escapes): number | undefined {
    const quote = bytes[opening]!;
    const hasEscapes = escapes !== 'none';
    let isPlain = true;
    for (let at = opening + 1; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH && hasEscapes) {
        isPlain = false;
        at++;
      } else if (byte === quote) {
        if (at + 1 === bytes.length) return undefined;
        if (bytes[at + 1] !== quote) {
          if (isPlain) this.#field(bytes, opening + 1, at);
          else this.#field(this.#scratch, 0, this.#unescape(bytes, opening + 1, at, escapes, quote));
          return at + 1;
        }
        isPlain = false;
        at++;
      }
    }
    return undefined;
  }

  #unescape(bytes: Buffer, from: number, to: number, escapes: Escapes, quote: number): number {
    if (this.#scratch.length < to - from) this.#scratch = Buffer.alloc(2 * (to - from));
    return unescaped(bytes, from, to, escapes, quote, this.#scratch);
  }

  #binary(bytes: Buffer, opening: number, close: number): void {
    const length = this.#unescape(bytes, opening + 1, close - 1, 'mysql', bytes[opening]!);
    this.#hex(this.#scratch.toString('hex', 0, length));
  }

  /** As PostgreSQL writes bytes. An odd number of digits has a zero before it. */
  #hex(digits: string): void {
    this.#text(`\\x${digits.length % 2 === 0 ? '' : '0'}${digits.toLowerCase()}`);
  }

  /** For a number both dialects count in twos; other columns get the digits. Without digits there is no number: the empty text is rejected. */
  #bits(digits: string): void {
    const isCounted = digits !== '' && this.#uses.isNumber(this.#count);
    this.#text(isCounted ? String(BigInt(`0b${digits}`)) : digits);
  }

  #text(text: string): void {
    const bytes = Buffer.from(text);
    this.#field(bytes, 0, bytes.length);
  }

  #field(bytes: Buffer, from: number, to: number): void {
    this.#out.reserve(to - from, 1);
    this.#out.field(bytes, from, to);
  }

  #null(): void {
    this.#out.reserve(0, 1);
    this.#out.null();
  }

  #noLiteral(bytes: Buffer, at: number): Error {
    return otherStatement(`value ${this.#count + 1} of a row is not a literal`, bytes, at);
  }
}

export function blankEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isBlank(bytes[at]!)) at++;
  return at;
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
/** Of strings in UTF-8, as the dump is, or in the dump's own encoding. */
const sameText = /^(n|_utf8|_utf8mb3|_utf8mb4|_ascii)$/;

/** Digits, perhaps with a minus before them and a point between them. */
function isPlainNumber(bytes: Buffer, from: number, to: number): boolean {
  const start = bytes[from] === MINUS ? from + 1 : from;
  let points = 0;
  for (let at = start; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === POINT && at > start && at < to - 1) points += 1;
    else if (byte < 0x30 || byte > 0x39) return false;
  }
  return points < 2 && start < to;
}

/** Letters, digits, points, underscores, and signs of numbers. */
function isOfWord(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]!;
  const letter = byte | 0x20;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (letter >= 0x61 && letter <= 0x7a) ||
    byte === 0x2e ||
    byte === 0x5f ||
    byte === 0x2d ||
    byte === 0x2b
  );
}

const DOUBLE = 0x22;
const QUOTE = 0x27;
const CLOSE = 0x29;
const MINUS = 0x2d;
const POINT = 0x2e;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
