import { NightfeedError } from '../../../core/errors.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import type { Dialect } from './dialect.ts';
import { FieldEnds, TEXT, WRONG_END } from './field-ends.ts';
import { FieldText } from './field-text.ts';
import { type Arrived, lengthOf, MORE, type RecordEnds } from './record-ends.ts';

/**
 * Reads one field as its dialect writes it, and writes it as record text. With lazy quotes, one within a field is text where the field can be
 * read in one way only.
 */
export class FieldRewriter {
  /** Set where an escape means nothing; for all that it is known where fields and record end. */
  fault: RejectCode | undefined;
  /** Quotes of the field were read as text. */
  hasLazyQuotes = false;
  /** What stands behind the field. */
  readonly end: FieldEnds;
  readonly text: FieldText;
  readonly #dialect: Dialect;
  readonly #ends: RecordEnds;
  readonly #place: () => string;
  #isMeaningless = false;

  /** `plain`: 1 for bytes that are nothing but text. */
  constructor(dialect: Dialect, ends: RecordEnds, plain: Uint8Array, place: () => string) {
    this.#dialect = dialect;
    this.#ends = ends;
    this.#place = place;
    this.end = new FieldEnds(dialect, ends);
    this.text = new FieldText(dialect, plain);
  }

  get arrived(): Arrived {
    return this.end.arrived;
  }

  /** Rewrites the field that begins at `from` to `to`. Answers what stands behind it; MORE when that has to come. */
  rewrite(from: number, to: number): number {
    const { quote, takesBlanks, isLazy } = this.#dialect;
    const { bytes, length, isEnded } = this.arrived;
    this.hasLazyQuotes = this.#isMeaningless = false;
    this.text.begin(to);
    const start = quote >= 0 && (takesBlanks || isLazy) ? this.#afterBlanks(from) : from;
    if (start >= length && !isEnded) return MORE;
    if (quote < 0 || start >= length || bytes[start] !== quote) return this.#unquoted(from);
    // After blanks the quote may stand around the field, or be the first of its text.
    return start === from || takesBlanks ? this.#quoted(start + 1) : this.end.findAfterFault(start);
  }

  #unquoted(from: number): number {
    const { escapeSign, quote, isLazy } = this.#dialect;
    const { bytes, length } = this.arrived;
    for (let at = from; ; ) {
      at = this.text.run(bytes, at);
      if (at < length && bytes[at] === escapeSign) {
        at = this.#escaped(at);
        if (at === MORE) return MORE;
        continue;
      }
      const stop = this.#stopAt(at);
      if (stop === MORE) return MORE;
      if (stop !== TEXT) return this.#close(stop, this.text.isNull(this.arrived, from, at));
      if (bytes[at] === quote) {
        if (!isLazy) return this.end.findAfterFault(at);
        this.hasLazyQuotes = true;
      }
      this.text.put(bytes[at++]!);
    }
  }

  #quoted(from: number): number {
    const { escapeSign, quote, delimiter, isLazy, takesBlanks, hasQuotedNulls } = this.#dialect;
    const { bytes, length, isEnded } = this.arrived;
    let hasLineEnd = false;
    let hasDoubled = false;
    this.text.needsQuotes = true;
    for (let at = from; ; ) {
      at = this.text.run(bytes, at);
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
        if (hasLineEnd && this.hasLazyQuotes) return this.end.findAfterFault(at);
        this.text.put(byte);
        at++;
      } else if (at + 1 >= length && !isEnded) return MORE;
      else if (at + 1 < length && bytes[at + 1] === quote) {
        if (this.hasLazyQuotes) return this.end.findAfterFault(at);
        hasDoubled = true;
        this.text.put(quote);
        at += 2;
      } else {
        const stop = this.#stopAt(takesBlanks ? this.#afterBlanks(at + 1) : at + 1);
        if (stop === MORE) return MORE;
        if (stop !== TEXT) return this.#close(stop, hasQuotedNulls && this.text.isNull(this.arrived, from, at));
        const before = at - delimiter.length;
        const mayOpen = before >= from && lengthOf(delimiter, this.arrived, before) > 0;
        if (!isLazy || hasLineEnd || hasDoubled || mayOpen) return this.end.findAfterFault(at + 1);
        this.hasLazyQuotes = true;
        this.text.put(quote);
        at++;
      }
    }
  }

  #close(stop: number, isNull: boolean): number {
    if (isNull) this.text.endAsNull();
    else {
      if (this.#isMeaningless) this.fault = 'SYNTAX';
      this.text.end();
    }
    return stop;
  }

  #stopAt(at: number): number {
    const stop = this.end.find(at);
    if (stop === WRONG_END) throw this.#failure('MIXED_EOL', this.#ends.complaint);
    return stop;
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
      this.text.put(bytes[at]!);
      return at + 1;
    }
    this.text.put(meaning);
    if (byte !== CR || !this.#ends.joinsCrLf) return at + 2;
    if (at + 2 >= length && !isEnded) return MORE;
    if (at + 2 >= length || bytes[at + 2] !== LF) return at + 2;
    this.text.put(LF);
    return at + 3;
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

const LF = 10;
const CR = 13;
