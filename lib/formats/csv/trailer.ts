import { NightfeedError } from '../../core/errors.ts';
import { Carry } from '../../core/records/carry.ts';
import { contentEnd } from '../../core/records/fields.ts';
import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import type { RecordSyntax } from '../../core/records/record-syntax.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import { excerpt } from '../../core/shown-text.ts';
import { TrailerPattern } from './trailer-pattern.ts';
import type { Transform } from './transform.ts';

interface TrailerOptions {
  readonly dialect: RecordSyntax;
  /** What the last record must look like. */
  readonly trailer: string;
  /** The trailer may lack its end. */
  readonly mayLackEnd: boolean;
  readonly headed: boolean;
}

/**
 * Removes the trailer: it holds each record back until another one follows, and drops the last. The caller compares the number of rows.
 * Throws TRAILER_MISMATCH, and RECORD_TOO_LONG when no record ends.
 */
export class Trailer implements Transform {
  readonly notes: string[] = [];
  /** The number in the trailer; null before the trailer was found. */
  rows: number | null = null;
  /** The trailer is there, but lacks its record end, which is not allowed. */
  lacksOnlyEnd = false;
  readonly #options: TrailerOptions;
  readonly #finder: RecordEndFinder;
  /** Bytes from the start of the last record that is not blank. It ends at `#end`; the record that is being read starts at `#next`. */
  readonly #held = new Carry();
  #end = 0;
  #next = 0;
  #finished = 0;

  constructor(options: TrailerOptions) {
    this.#options = options;
    this.#finder = new RecordEndFinder(options.dialect, 'any');
  }

  push(chunk: Buffer): Buffer {
    this.#held.append(chunk);
    const data = this.#held.bytes();
    let start = 0;
    let at = data.length - chunk.length;
    for (let found = this.#finder.find(data, at); found !== MORE; found = this.#finder.find(data, at)) {
      // This finder takes the LF of a CRLF for a blank record of one byte.
      if (found - this.#next > 1) {
        start = this.#next;
        this.#end = found;
        this.#finished += 1;
      }
      this.#next = at = found;
    }
    if (this.#finder.midRecord) {
      start = this.#next;
      this.#end = data.length;
    }
    const passed = Buffer.from(data.subarray(0, start));
    this.#held.drop(start);
    this.#end -= start;
    this.#next -= start;
    if (data.length - start > 2 * MAX_RECORD_BYTES) throw tooLong();
    return passed;
  }

  finish(): Buffer {
    const { trailer, mayLackEnd, headed } = this.#options;
    const lacksEnd = this.#finder.midRecord;
    const isHeader = headed && this.#finished + (lacksEnd ? 1 : 0) < 2;
    // A file without bytes is refused by the code that reads its head.
    const held = this.#held.bytes();
    if (isHeader || held.length === 0 || this.#finder.insideQuotes) return held;
    const record = held.subarray(0, this.#end);
    const text = record.toString('utf8', 0, contentEnd(record));
    const rows = new TrailerPattern(trailer).rowsIn(text);
    if (lacksEnd && !mayLackEnd) {
      this.lacksOnlyEnd = rows !== null;
      return held;
    }
    if (rows === null) {
      const message = `the last record ${excerpt(text)} is not a trailer; expected ${excerpt(trailer)}`;
      throw new NightfeedError('TRAILER_MISMATCH', message);
    }
    this.rows = rows;
    if (lacksEnd) this.notes.push('no final line end; the trailer proves the file whole');
    return Buffer.alloc(0);
  }
}

function tooLong(): NightfeedError {
  return new NightfeedError('RECORD_TOO_LONG', `a record is longer than the allowed ${MAX_RECORD_BYTES} bytes`);
}
