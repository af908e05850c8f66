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
 * Holds the last record back until it is known to be the last, and takes it off: the trailer. Whoever counted the rows has
 * to compare. Throws TRAILER_MISMATCH, and RECORD_TOO_LONG when no record ends.
 */
export class Trailer implements Transform {
  readonly notes: string[] = [];
  /** What the trailer says; null while none was seen. */
  rows: number | null = null;
  /** The trailer is there but for its end, which it may not lack. */
  lacksOnlyEnd = false;
  readonly #options: TrailerOptions;
  readonly #finder: RecordEndFinder;
  /** From the start of the last record that is not blank, which ends at `#end`; the finder is in a record that starts at `#next`. */
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
      // To this finder the LF of a CRLF is a blank record, which has one byte.
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
    // A file of no bytes at all is for whoever reads its head to tell.
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
      const message = `the last record ${excerpt(text)} is no trailer; expected ${excerpt(trailer)}`;
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
