import { MORE, RecordEndFinder } from '../../records/record-end.ts';
import type { RecordSyntax } from '../../records/record-syntax.ts';
import type { RecordEnd } from '../../run/file-parts.ts';
import type { Window } from './window.ts';

/** Finds where the records of a well-formed stream end. */
export interface RecordEnds {
  /** Index behind the record that starts at `from`; -1 when the window does not hold all of it. */
  next(window: Window, from: number): number;
  /** Index behind the last whole record before `limit`; `from`, a record's start, when there is none. */
  last(window: Window, from: number, limit: number): number;
}

/** `byLines`: the scan saw no CR or LF within a record, so a record is a line and is found at memory speed. */
export function recordEnds(dialect: RecordSyntax, recordEnd: RecordEnd, byLines: boolean): RecordEnds {
  return byLines ? new LineEnds(recordEnd) : new QuotedEnds(dialect, recordEnd);
}

class LineEnds implements RecordEnds {
  readonly #byte: number;

  constructor(recordEnd: RecordEnd) {
    this.#byte = recordEnd.charCodeAt(recordEnd.length - 1);
  }

  next({ bytes }: Window, from: number): number {
    const at = bytes.indexOf(this.#byte, from);
    return at < 0 ? -1 : at + 1;
  }

  last({ bytes }: Window, from: number, limit: number): number {
    if (limit === from) return from;
    const at = bytes.lastIndexOf(this.#byte, limit - 1);
    return at < from ? from : at + 1;
  }
}

class QuotedEnds implements RecordEnds {
  readonly #dialect: RecordSyntax;
  readonly #recordEnd: RecordEnd;
  #finder: RecordEndFinder;

  constructor(dialect: RecordSyntax, recordEnd: RecordEnd) {
    this.#dialect = dialect;
    this.#recordEnd = recordEnd;
    this.#finder = new RecordEndFinder(dialect, recordEnd);
  }

  next({ bytes }: Window, from: number): number {
    const end = this.#finder.find(bytes, from);
    if (end > 0) return end;
    // The finder stopped within a record, and the next search begins at the record's start again.
    this.#finder = new RecordEndFinder(this.#dialect, this.#recordEnd);
    if (end === MORE) return -1;
    throw new Error(`no whole record at byte ${from} of the window`);
  }

  last(window: Window, from: number, limit: number): number {
    let end = from;
    for (;;) {
      const next = end < limit ? this.next(window, end) : -1;
      if (next < 0 || next > limit) return end;
      end = next;
    }
  }
}
