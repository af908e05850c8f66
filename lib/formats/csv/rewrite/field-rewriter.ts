import { NightfeedError } from '../../../core/errors.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import type { Dialect } from './dialect.ts';
import { type Arrived, lengthOf, MORE, type RecordEnds } from './record-ends.ts';

/** What stands behind a field; TEXT: nothing that ends it. */
const TEXT = 0;
export const DELIMITER = 1;
const RECORD_END = 2;
const FILE_END = 3;
/** The quotes of the record are misplaced: its fields are a guess, and it ends at the next record end. */
export const MISQUOTED = 4;

/**
 * Reads one field as its dialect writes it, and writes it as record text: null as nothing, an empty text within quotes. With lazy quotes, one
 * within a field is text where the field can be read in one way only.
 */
export class FieldRewriter {
  arrived: Arrived = { bytes: new Uint8Array(), length: 0, isEnded: false };
  /** Where fields are written, and where the field that was read last ends there. */
  out: Buffer = Buffer.alloc(0);
  written = 0;
  /** After a field: the place of what stands behind it, and its length. */
  at = 0;
  stopLength = 0;
  /** Set where an escape means nothing; for all that it is known where fields and record end. */
  fault: RejectCode | undefined;
  /** Quotes of the field were read as text. */
  hasLazyQuotes = false;
  readonly #dialect: Dialect;
  readonly #ends: RecordEnds;
  readonly #place: () => string;
  /** 1 for bytes that are nothing but text. */
  readonly #plain: Uint8Array;
  #needsQuotes = false;
  #isMeaningless = false;

  constructor(dialect: Dialect, ends: RecordEnds, plain: Uint8Array, place: () => string) {
    this.#dialect = dialect;
    this.#ends = ends;
    this.#plain = plain;
    this.#place = place;
  }

  /** Rewrites the field that begins at `from` to `to`. Answers what stands behind it; MORE when that has to come. */
  rewrite(from: number, to: number): number {
    const { quote, takesBlanks, isLazy } = this.#dialect;
    const { bytes, length, isEnded } = this.arrived;
    this.hasLazyQuotes = this.#needsQuotes = this.#isMeaningless = false;
    this.written = to + 1;
    const start = quote >= 0 && (takesBlanks || isLazy) ? this.#afterBlanks(from) : from;
    if (start >= length && !isEnded) return MORE;
    if (quote < 0 || start >= length || bytes[start] !== quote) return this.#unquoted(from, to);
    // After blanks the quote may stand around the field, or be the first of its text.
    return start === from || takesBlanks ? this.#quoted(start + 1, to) : this.#misquoted(start);
  }

  #unquoted(from: number, to: number): number {
    const { escapeSign, quote, isLazy } = this.#dialect;
    const { bytes, length } = this.arrived;
    for (let at = from; ; ) {
      at = this.#text(at);
      if (at < length && bytes[at] === escapeSign) {
        at = this.#escaped(at);
        if (at === MORE) return MORE;
        continue;
      }
      const stop = this.#stopAt(at);
      if (stop === MORE) return MORE;
      if (stop !== TEXT) {
        this.#close(to, this.#isNull(from, at));
        return stop;
      }
      if (bytes[at] === quote) {
        if (!isLazy) return this.#misquoted(at);
        this.hasLazyQuotes = true;
      }
      this.#put(bytes[at++]!);
    }
  }

  #quoted(from: number, to: number): number {
    const { escapeSign, quote, delimiter, isLazy, takesBlanks, hasQuotedNulls } = this.#dialect;
    const { bytes, length, isEnded } = this.arrived;
    let hasLineEnd = false;
    let hasDoubled = false;
    this.#needsQuotes = true;
    for (let at = from; ; ) {
      at = this.#text(at);
      if (at >= length) {
        if (!isEnded) return MORE;
        throw this.#failure('UNTERMINATED_QUOTE', 'a quote is still open at the end of the data');
      }
      const byte = bytes[at]!;
      if (byte === escapeSign) {
        at = this.#escaped(at);
        if (at === MORE) return MORE;
      } else if (byte !== quote) {
        hasLineEnd ||= byte === LF || byte === CR || this.#ends.lengthAt(this.arrived, at) !== 0;
        if (hasLineEnd && this.hasLazyQuotes) return this.#misquoted(at);
        this.#put(byte);
        at++;
      } else if (at + 1 >= length && !isEnded) return MORE;
      else if (at + 1 < length && bytes[at + 1] === quote) {
        if (this.hasLazyQuotes) return this.#misquoted(at);
        hasDoubled = true;
        this.#put(quote);
        at += 2;
      } else {
        const stop = this.#stopAt(takesBlanks ? this.#afterBlanks(at + 1) : at + 1);
        if (stop === MORE) return MORE;
        if (stop !== TEXT) {
          this.#close(to, hasQuotedNulls && this.#isNull(from, at));
          return stop;
        }
        const before = at - delimiter.length;
        const mayOpen = before >= from && lengthOf(delimiter, this.arrived, before) > 0;
        if (!isLazy || hasLineEnd || hasDoubled || mayOpen) return this.#misquoted(at + 1);
        this.hasLazyQuotes = true;
        this.#put(quote);
        at++;
      }
    }
  }

  /** Writes text up to the next byte that may be more. */
  #text(from: number): number {
    const { bytes } = this.arrived;
    const plain = this.#plain;
    const out = this.out;
    let written = this.written;
    let at = from;
    for (; plain[bytes[at]!] === 1; at++) out[written++] = bytes[at]!;
    this.written = written;
    return at;
  }

  #put(byte: number): void {
    if (byte === QUOTE) this.out[this.written++] = QUOTE;
    this.out[this.written++] = byte;
    if (byte === COMMA || byte === QUOTE || byte === LF || byte === CR) this.#needsQuotes = true;
  }

  /** What stands here; `at` and `stopLength` then tell where. */
  #stopAt(at: number): number {
    const { length, isEnded, bytes } = this.arrived;
    this.at = at;
    this.stopLength = 0;
    if (at >= length) return isEnded ? FILE_END : MORE;
    const delimiter = lengthOf(this.#dialect.delimiter, this.arrived, at);
    if (delimiter === MORE) return MORE;
    const end = delimiter > 0 ? 0 : this.#ends.lengthAt(this.arrived, at);
    if (end === MORE) return MORE;
    if (end > 0 && !this.#ends.fits(bytes, at, end)) throw this.#failure('MIXED_EOL', this.#ends.complaint);
    this.stopLength = delimiter + end;
    return delimiter > 0 ? DELIMITER : end > 0 ? RECORD_END : TEXT;
  }

  /** Writes what an escape and the bytes after it mean. Answers where text goes on. */
  #escaped(at: number): number {
    const { bytes, length, isEnded } = this.arrived;
    if (at + 1 >= length) {
      if (!isEnded) return MORE;
      throw this.#failure('NO_FINAL_NEWLINE', 'the data ends after an escape; the file may have been cut');
    }
    const byte = bytes[at + 1]!;
    const meaning = this.#dialect.escaped[byte]!;
    if (meaning < 0) {
      this.#isMeaningless = true;
      this.#put(bytes[at]!);
      return at + 1;
    }
    this.#put(meaning);
    if (byte !== CR || !this.#ends.joinsCrLf) return at + 2;
    if (at + 2 >= length && !isEnded) return MORE;
    if (at + 2 >= length || bytes[at + 2] !== LF) return at + 2;
    this.#put(LF);
    return at + 3;
  }

  /** Ends the field whose text was written from `to` + 1 on. */
  #close(to: number, isNull: boolean): void {
    if (isNull) {
      this.written = to;
      return;
    }
    if (this.#isMeaningless) this.fault = 'SYNTAX';
    if (this.#needsQuotes || this.written === to + 1) {
      this.out[to] = QUOTE;
      this.out[this.written++] = QUOTE;
    } else {
      this.out.copyWithin(to, to + 1, this.written);
      this.written -= 1;
    }
  }

  /** Null values are compared as they stand in the file, before any escape is read. */
  #isNull(from: number, end: number): boolean {
    const { nulls } = this.#dialect;
    return nulls.some((text) => text.length === end - from && lengthOf(text, this.arrived, from) === text.length);
  }

  #misquoted(from: number): number {
    const { bytes, length, isEnded } = this.arrived;
    this.stopLength = 0;
    for (this.at = from; this.at < length; this.at++) {
      if (bytes[this.at] === this.#dialect.escapeSign) {
        this.at++;
        continue;
      }
      const end = this.#ends.lengthAt(this.arrived, this.at);
      if (end === MORE) return MORE;
      if (end === 0 || !this.#ends.fits(bytes, this.at, end)) continue;
      this.stopLength = end;
      return MISQUOTED;
    }
    this.at = length;
    return isEnded ? MISQUOTED : MORE;
  }

  #afterBlanks(from: number): number {
    const { bytes, length } = this.arrived;
    let at = from;
    while (at < length && this.#dialect.blanks.includes(bytes[at]!)) at++;
    return at;
  }

  #failure(name: 'UNTERMINATED_QUOTE' | 'NO_FINAL_NEWLINE' | 'MIXED_EOL', message: string): NightfeedError {
    return new NightfeedError(name, `${this.#place()}: ${message}`);
  }
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;
