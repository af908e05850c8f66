import { NightfeedError } from '../errors.ts';
import type { RecordEnd } from '../run/file-parts.ts';
import { Carry } from './carry.ts';
import { MORE, RecordEndFinder, WRONG_END } from './record-end.ts';
import type { RecordSyntax } from './record-syntax.ts';

/** DuckDB reads lines of at most 2,097,152 bytes. */
export const MAX_RECORD_BYTES = 2_000_000;

/** What decides where the records of a file begin and end. */
export interface RecordShape {
  readonly dialect: RecordSyntax;
  readonly recordEnd: RecordEnd;
  /** Columns in the file. With one column a blank line is a record unless only blank lines follow; with more it is nothing. */
  readonly fields: number;
  /** Record end included; MAX_RECORD_BYTES unless given. */
  readonly maxRecordBytes?: number;
}

/**
 * One record after the other over chunks of any size, in memory for a single record. Offsets count from the first byte
 * fed. Throws MIXED_EOL and RECORD_TOO_LONG.
 */
export class RecordWalk {
  /** Records found so far; with `start`, `end` and `blank` it speaks of the one that `next` found last. */
  count = 0;
  start = 0;
  end = 0;
  /** The record is a blank line. */
  blank = false;
  /** A blank line that is not a record stands before a record. */
  skippedBlank = false;
  /** After `next` said false: the end of the last whole record, or of the blank lines after it when they are not records. */
  boundary = 0;
  /** Offset of `chunk`; a record that starts earlier came in several chunks. */
  base = 0;
  chunk: Buffer = Buffer.alloc(0);
  readonly finder: RecordEndFinder;
  readonly #shape: RecordShape;
  readonly #maxBytes: number;
  readonly #recordEnd: Buffer;
  readonly #carry = new Carry();
  #at = 0;
  /** The record found last, while blank records before it have not been reported yet. */
  #foundStart = 0;
  #foundEnd = 0;
  #holding = false;
  #blanks = 0;
  #firstBlank = 0;

  constructor(shape: RecordShape) {
    this.#shape = shape;
    this.#maxBytes = shape.maxRecordBytes ?? MAX_RECORD_BYTES;
    this.#recordEnd = Buffer.from(shape.recordEnd);
    this.finder = new RecordEndFinder(shape.dialect, shape.recordEnd);
  }

  /** Takes the next chunk after `next` said false. The chunk must not change while its records are in use. */
  feed(chunk: Buffer): void {
    this.base += this.chunk.length;
    this.finder.base = this.base;
    this.chunk = chunk;
    this.#at = 0;
  }

  /** Finds the next record. false: call `feed` with more bytes, or `finish`. */
  next(): boolean {
    if (!this.#holding && !this.#find()) return false;
    this.count++;
    this.#holding = this.blank = this.#blanks > 0;
    if (this.blank) {
      this.#blanks--;
      this.start = this.#firstBlank;
      this.end = this.#firstBlank += this.#recordEnd.length;
    } else {
      this.start = this.#foundStart;
      this.end = this.#foundEnd;
    }
    return true;
  }

  /** The record with its end; a view into the chunk where possible. */
  bytes(): Buffer {
    if (this.blank) return this.#recordEnd;
    if (this.start >= this.base) return this.chunk.subarray(this.start - this.base, this.end - this.base);
    return Buffer.concat([this.#carry.bytes(), this.chunk.subarray(0, this.end - this.base)]);
  }

  /** Throws NO_FINAL_NEWLINE or UNTERMINATED_QUOTE when the data ended within a record. */
  finish(): void {
    if (!this.finder.midRecord) return;
    if (this.finder.insideQuotes) {
      const opened = `the quote opened at byte ${this.finder.quoteOpened} is still open at the end of the data`;
      throw new NightfeedError('UNTERMINATED_QUOTE', `${this.#place()}: ${opened}`);
    }
    const missing = `the data ends without the record end ${endNames[this.#shape.recordEnd]}`;
    throw new NightfeedError('NO_FINAL_NEWLINE', `${this.#place()}: ${missing}; the file may have been cut`);
  }

  /** Finds the next record that is not a blank line. `#blanks` then counts the blank records before it. */
  #find(): boolean {
    while (this.#at < this.chunk.length) {
      if (!this.finder.midRecord) this.#carry.clear();
      const found = this.finder.find(this.chunk, this.#at);
      if (found === MORE) return this.#pause();
      if (found === WRONG_END) throw this.#wrongEnd();
      const start = this.#foundEnd;
      const end = this.base + found;
      this.#checkLength(end);
      this.#at = found;
      this.#foundEnd = end;
      if (end - start > this.#recordEnd.length) {
        this.#foundStart = start;
        this.boundary = end;
        if (this.#blanks > 0 && this.#shape.fields !== 1) {
          this.#blanks = 0;
          this.skippedBlank = true;
        }
        return true;
      }
      if (this.#blanks++ === 0) this.#firstBlank = start;
      if (this.#shape.fields !== 1) this.boundary = end;
    }
    return false;
  }

  #pause(): false {
    this.#checkLength(this.base + this.chunk.length);
    this.#carry.append(this.chunk.subarray(Math.max(this.#foundEnd - this.base, 0)));
    this.#at = this.chunk.length;
    return false;
  }

  #checkLength(end: number): void {
    if (end - this.#foundEnd <= this.#maxBytes) return;
    throw new NightfeedError('RECORD_TOO_LONG', `${this.#place()} is longer than the allowed ${this.#maxBytes} bytes`);
  }

  #wrongEnd(): NightfeedError {
    const at = this.base + this.finder.wrongAt;
    this.#checkLength(at + 1);
    const expected = endNames[this.#shape.recordEnd];
    return new NightfeedError(
      'MIXED_EOL',
      `${this.#place()}: line end at byte ${at} is not ${expected}, the file's first record end`,
    );
  }

  /** Number of the record that is being read, blank records before it included. */
  #place(): string {
    const blanks = this.#shape.fields === 1 ? this.#blanks : 0;
    return `record ${this.count + blanks + 1} at byte ${this.#foundEnd} of the data`;
  }
}

const endNames: Record<RecordEnd, string> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };
