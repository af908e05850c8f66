import type { RecordEnd } from '../run/file-parts.ts';
import type { RecordSyntax } from './record-syntax.ts';

/** Answers of `find` that are not offsets: the bytes ran out, or a CR or LF outside quotes is not the file's record end. */
export const MORE = -1;
export const WRONG_END = -2;

/**
 * Finds where records end. No other code decides it: scan, record streams and diffs all ask here, so they see the same
 * records. Strict RFC 4180; a record with a quoting fault ends at the next record end, whatever stands before it.
 * Keeps its place between calls, so that a record may come in pieces.
 */
export class RecordEndFinder {
  /** Concerns the record found last, or the part read so far of the current one. */
  fields = 1;
  /** Text after a closing quote, or a quote in an unquoted field: fields and extent of the record are a guess. */
  misquoted = false;
  /** Absolute offset behind the last CR or LF inside a record. If there is one, records are not lines. */
  innerNewlineEnd = -1;
  /** Absolute offset of the first byte that the next `find` gets. The caller sets it; only reported places use it. */
  base = 0;
  /** Absolute offset of the quote that is open now; meaningless while `insideQuotes` is false. */
  quoteOpened = 0;
  /** After WRONG_END: index of the CR or LF; may be -1, the last byte of the call before. */
  wrongAt = 0;
  #mode = RECORD_START;
  readonly #quote: number;
  readonly #classes: Uint8Array;

  /** `any`: CR and LF both end a record. For when the record end is not known yet. */
  constructor(dialect: RecordSyntax, recordEnd: RecordEnd | 'any') {
    this.#quote = dialect.quote;
    this.#classes = classesOf(dialect, recordEnd);
  }

  get midRecord(): boolean {
    return this.#mode !== RECORD_START;
  }

  get insideQuotes(): boolean {
    return this.#mode === QUOTED;
  }

  /** Index behind the end of the record that starts or continues at `from`; otherwise MORE or WRONG_END. */
  find(bytes: Uint8Array, from: number): number {
    const classes = this.#classes;
    const quote = this.#quote;
    const length = bytes.length;
    let mode = this.#mode;
    let fields = this.fields;
    let at = from;
    if (at < length && mode === RECORD_START) {
      fields = 1;
      this.misquoted = false;
      mode = FIELD_START;
    }
    while (at < length) {
      if (mode === FIELD_START) {
        if (bytes[at] !== quote) mode = UNQUOTED;
        else {
          mode = QUOTED;
          this.quoteOpened = this.base + at++;
        }
      }
      if (mode === UNQUOTED) {
        let kind = PLAIN;
        while (at < length) {
          kind = classes[bytes[at++]!]!;
          if (kind !== PLAIN) break;
        }
        if (kind === DELIMITER) {
          fields++;
          mode = FIELD_START;
        } else if (kind === END) return this.#found(fields, at);
        else if (kind === CR_OF_CRLF) mode = AFTER_CR;
        else if (kind === WRONG) return this.#wrong(at - 1);
        else if (kind === QUOTE) mode = this.#misquote();
      } else if (mode === QUOTED) {
        while (at < length) {
          const byte = bytes[at++]!;
          if (byte === quote) {
            mode = QUOTE_IN_QUOTED;
            break;
          }
          if (byte <= CR && (byte === CR || byte === LF)) this.innerNewlineEnd = this.base + at;
        }
      } else if (mode === QUOTE_IN_QUOTED) {
        const kind = classes[bytes[at++]!]!;
        if (kind === QUOTE) mode = QUOTED;
        else if (kind === DELIMITER) {
          fields++;
          mode = FIELD_START;
        } else if (kind === END) return this.#found(fields, at);
        else if (kind === CR_OF_CRLF) mode = AFTER_CR;
        else if (kind === WRONG) return this.#wrong(at - 1);
        else mode = this.#misquote();
      } else if (mode === AFTER_CR) {
        return bytes[at] === LF ? this.#found(fields, at + 1) : this.#wrong(at - 1);
      } else {
        const byte = bytes[at++]!;
        if (classes[byte] === END || (mode === MISQUOTED_CR && byte === LF)) return this.#found(fields, at);
        if (mode === MISQUOTED_CR || classes[byte] === WRONG) this.innerNewlineEnd = this.base + at;
        mode = classes[byte] === CR_OF_CRLF ? MISQUOTED_CR : MISQUOTED;
      }
    }
    this.#mode = mode;
    this.fields = fields;
    return MORE;
  }

  #found(fields: number, end: number): number {
    this.#mode = RECORD_START;
    this.fields = fields;
    return end;
  }

  #misquote(): number {
    this.misquoted = true;
    return MISQUOTED;
  }

  #wrong(at: number): number {
    this.wrongAt = at;
    return WRONG_END;
  }
}

const LF = 10;
const CR = 13;

const RECORD_START = 0;
const FIELD_START = 1;
const UNQUOTED = 2;
const QUOTED = 3;
const QUOTE_IN_QUOTED = 4;
const AFTER_CR = 5;
const MISQUOTED = 6;
const MISQUOTED_CR = 7;

const PLAIN = 0;
const DELIMITER = 1;
const QUOTE = 2;
const END = 3;
const CR_OF_CRLF = 4;
const WRONG = 5;

function classesOf(dialect: RecordSyntax, recordEnd: RecordEnd | 'any'): Uint8Array {
  const classes = new Uint8Array(256);
  classes[LF] = recordEnd === '\n' || recordEnd === 'any' ? END : WRONG;
  classes[CR] = recordEnd === '\r\n' ? CR_OF_CRLF : recordEnd === '\n' ? WRONG : END;
  classes[dialect.delimiter] = DELIMITER;
  if (dialect.quote >= 0) classes[dialect.quote] = QUOTE;
  return classes;
}
