import type { RejectCode } from '../../../core/records/reject.ts';
import { byteOrderMark } from '../../../core/records/scan/text-check.ts';
import { type Between, BetweenRecords } from './between-records.ts';
import { byteTablesOf, DELIMITED, ENDED, oddLengths, PLAIN } from './byte-tables.ts';
import type { Dialect } from './dialect.ts';
import { DELIMITER, MISQUOTED } from './field-ends.ts';
import { FieldRewriter } from './field-rewriter.ts';
import { type Arrived, lengthOf, MORE, RecordEnds } from './record-ends.ts';

/** Reads records of a dialect one by one, and writes them as record text. */
export class RecordRewriter {
  /** What was read last. */
  kind: 'record' | Between = 'record';
  /** Why a record is none; it is then written as one quoted field. */
  fault: RejectCode | undefined;
  /** The bytes ended before the record did. */
  lacksEnd = false;
  /** Fields with quotes that were read as text. */
  lazyFields = 0;
  /** Where records are written, and how much of it is. */
  out: Buffer = Buffer.alloc(0);
  filled = 0;
  readonly ends: RecordEnds;
  readonly #dialect: Dialect;
  readonly #fields: FieldRewriter;
  readonly #between: BetweenRecords;
  #arrived: Arrived = { bytes: new Uint8Array(), length: 0, isEnded: false };
  readonly #classes: Uint8Array;
  readonly #openings: Uint8Array;
  readonly #plainInQuotes: Uint8Array;
  readonly #oddLengths: number;
  /** The record end of the file; empty until it is known. */
  #end: Buffer = Buffer.alloc(0);
  /** A quote with which a field begins that is text up to the next one, escapes aside; -1 where it may be more. */
  readonly #simpleQuote: number;
  /** Where the quoted field that was copied last ends in `out`. */
  #copied = 0;

  /** `place` says for a message where the record stands. */
  constructor(dialect: Dialect, place: () => string, tables = byteTablesOf(dialect)) {
    const { classes, plain, plainInQuotes, openings } = tables;
    this.#dialect = dialect;
    this.ends = new RecordEnds(dialect);
    this.#classes = classes.slice();
    this.#fields = new FieldRewriter(dialect, this.ends, plain, place);
    this.#between = new BetweenRecords(dialect, this.ends);
    this.#openings = openings;
    this.#plainInQuotes = plainInQuotes;
    this.#oddLengths = oddLengths(dialect);
    this.#simpleQuote = dialect.hasQuotedNulls ? -1 : dialect.quote;
  }

  /** Says what the next records are read from. Behind `length` bytes one more stands, an LF; `out` has room for three times as many. */
  begin(arrived: Arrived, out: Buffer): void {
    this.#arrived = this.#fields.end.arrived = this.#between.arrived = arrived;
    this.out = this.#fields.text.out = out;
    this.filled = 0;
  }

  /** Rewrites what begins at `from`, where bytes are. Answers where the next begins, or MORE, with nothing written, when it is not whole. */
  next(from: number): number {
    this.kind = 'record';
    this.fault = this.#fields.fault = undefined;
    const begun = this.filled;
    const next = this.#openings[this.#arrived.bytes[from]!] === 1 ? this.#special(from) : this.#record(from, from);
    if (next === MORE) this.filled = begun;
    return next;
  }

  /** Between records, or before one that begins with a byte order mark. */
  #special(from: number): number {
    const next = this.#between.find(from);
    if (next === MORE) return MORE;
    if (next > 0) {
      this.kind = this.#between.kind;
      if (this.kind === 'blank') this.out[this.filled++] = LF;
      return next;
    }
    const mark = lengthOf(byteOrderMark, this.#arrived, from);
    if (mark === MORE) return MORE;
    // Outside quotes, so that the scan rejects the record.
    for (let index = 0; index < mark; index++) this.out[this.filled++] = byteOrderMark[index]!;
    return this.#record(from, from + mark);
  }

  #record(from: number, start: number): number {
    const { bytes, length } = this.#arrived;
    const { delimiter } = this.#dialect;
    const classes = this.#classes;
    const out = this.out;
    const begun = this.filled;
    const end = this.#end;
    const most = length - Math.max(delimiter.length, end.length);
    let lazyFields = 0;
    let at = start;
    let to = this.filled;
    for (;;) {
      const fieldFrom = at;
      const fieldTo = to;
      let kind: number;
      let isSure: boolean;
      // Hot path: a field of which every byte is text, or text within quotes, and what follows it.
      if (bytes[at] === this.#simpleQuote) {
        at = this.#copyQuoted(at, to);
        isSure = at > fieldFrom;
        if (isSure) to = this.#copied;
        kind = classes[bytes[at]!]!;
      } else {
        for (;;) {
          const byte = bytes[at]!;
          kind = classes[byte]!;
          if (kind !== PLAIN) break;
          out[to++] = byte;
          at++;
        }
        isSure = ((this.#oddLengths >>> Math.min(to - fieldTo, 31)) & 1) === 0;
      }
      if (isSure && at <= most) {
        if (kind === DELIMITED && isAt(delimiter, bytes, at)) {
          out[to++] = COMMA;
          at += delimiter.length;
          continue;
        }
        if (kind === ENDED && !this.#fields.fault && isAt(end, bytes, at)) {
          out[to++] = LF;
          this.filled = to;
          this.lazyFields += lazyFields;
          return at + end.length;
        }
      }
      const stop = this.#fields.rewrite(fieldFrom, fieldTo);
      if (stop === MORE) return MORE;
      if (this.#fields.hasLazyQuotes) lazyFields += 1;
      const { at: stopAt, length: stopLength } = this.#fields.end;
      to = this.#fields.text.written;
      at = stopAt + stopLength;
      if (stop === DELIMITER) {
        out[to++] = COMMA;
        continue;
      }
      this.fault = stop === MISQUOTED ? 'QUOTE' : this.#fields.fault;
      if (this.fault) to = this.#writeWhole(from, stopAt, begun);
      out[to++] = LF;
      this.filled = to;
      this.lacksEnd = stopLength === 0;
      if (!this.lacksEnd) this.ends.see(bytes, stopAt, stopLength);
      if (this.#end.length === 0) this.#learnEnd();
      if (!this.fault) this.lazyFields += lazyFields;
      return at;
    }
  }

  /** Copies a quoted field that holds no quote but escaped ones. Answers where what follows it stands; `from` where it is not so simple. */
  #copyQuoted(from: number, to: number): number {
    const { bytes, length } = this.#arrived;
    const { escapeSign, escaped } = this.#dialect;
    const plain = this.#plainInQuotes;
    const out = this.out;
    out[to] = QUOTE;
    let at = from + 1;
    let written = to + 1;
    for (;;) {
      for (; at < length && plain[bytes[at]!] === 1; at++) out[written++] = bytes[at]!;
      if (at + 1 >= length || bytes[at] !== escapeSign) break;
      const meaning = escaped[bytes[at + 1]!]!;
      if (meaning < 0) return from;
      if (meaning === QUOTE) out[written++] = QUOTE;
      out[written++] = meaning;
      at += 2;
    }
    if (at >= length || bytes[at] !== this.#simpleQuote) return from;
    out[written++] = QUOTE;
    this.#copied = written;
    return at + 1;
  }

  /** The record as it stands, in one quoted field. */
  #writeWhole(from: number, end: number, begun: number): number {
    const { bytes } = this.#arrived;
    const out = this.out;
    let to = begun;
    out[to++] = QUOTE;
    for (let at = from; at < end; at++) {
      if (bytes[at] === QUOTE) out[to++] = QUOTE;
      out[to++] = bytes[at]!;
    }
    out[to++] = QUOTE;
    return to;
  }

  /** From now on record ends are found on the hot path. */
  #learnEnd(): void {
    this.#end = this.ends.known ?? this.#end;
    if (this.#end.length > 0) this.#classes[this.#end[0]!] = ENDED;
  }
}

/** Whether the bytes have a text at this place, of which the first byte is known. */
function isAt(text: Buffer, bytes: Uint8Array, at: number): boolean {
  for (let index = 1; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
