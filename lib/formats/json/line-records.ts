import { NightfeedError } from '../../core/errors.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { ObjectReader } from './object-reader.ts';
import { checkLength, explained, type RecordSource, type Step } from './record-source.ts';
import { FAULT, skipBlanks } from './tokens.ts';
import type { Span } from './window.ts';

/** An object in each line. A line is a record whatever it holds, so one that is none does not concern the others. */
export class LineRecords implements RecordSource {
  start = 0;
  end = 0;
  fault: string | undefined;
  isMarked = false;
  lacksEnd = false;
  #line = 0;
  #blank = 0;

  get place(): string {
    return `line ${this.#line}`;
  }

  get notes(): string[] {
    return [
      ...(this.#blank > 0 ? [`${this.#blank} blank line(s)`] : []),
      ...(this.lacksEnd ? ['no final line end; the last object is whole'] : []),
    ];
  }

  next(span: Span, reader: ObjectReader): Step {
    const { bytes } = span;
    for (;;) {
      const from = span.at;
      if (from >= bytes.length) return span.isLast ? 'end' : 'more';
      const found = bytes.indexOf(LF, from);
      const isEnded = found >= 0;
      checkLength((isEnded ? found + 1 : bytes.length) - from, `line ${this.#line + 1}`);
      if (!isEnded && !span.isLast) return 'more';
      this.#line += 1;
      const to = isEnded ? found : bytes.length;
      span.at = isEnded ? found + 1 : to;
      if (this.#read(span, reader, from, to)) {
        if (!isEnded) this.#endWithout();
        return 'record';
      }
    }
  }

  /** false: the line is blank. */
  #read(span: Span, reader: ObjectReader, from: number, to: number): boolean {
    const { bytes } = span;
    const hasMark = bytes[from] === byteOrderMark[0] && bytes.subarray(from, from + 3).equals(byteOrderMark);
    const start = skipBlanks(bytes, hasMark ? from + byteOrderMark.length : from, to);
    this.isMarked = hasMark && this.#line > 1;
    this.fault = undefined;
    if (start === to) {
      if (!hasMark) this.#blank += 1;
      return false;
    }
    this.start = from;
    this.end = bytes[to - 1] === CR ? to - 1 : to;
    const end = reader.read(bytes, start, to);
    if (end === FAULT) this.fault = explained(span, reader.faultAt, reader.why);
    else if (end < 0) this.fault = explained(span, to, 'the line ends within the object');
    else {
      const rest = skipBlanks(bytes, end, to);
      if (rest < to) this.fault = explained(span, rest, 'something follows the object');
    }
    return true;
  }

  /** A part of an object is none: with its brace the last one is whole. */
  #endWithout(): void {
    if (this.fault === undefined) {
      this.lacksEnd = true;
      return;
    }
    const message = `${this.place} has neither a line end nor the end of an object; the file may have been cut`;
    throw new NightfeedError('NO_FINAL_NEWLINE', `${message} (${this.fault})`);
  }
}

const LF = 10;
const CR = 13;
