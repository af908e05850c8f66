import type { RecordWriter } from '../text/record-writer.ts';
import { unescaped } from './unescape.ts';

/** Writes the fields of a line behind `COPY … FROM stdin`. */
export class CopyLines {
  /** The line was the one that ends the rows. */
  isOver = false;
  /** The line holds what COPY does not take. */
  isBroken = false;
  /** Behind the content of the line. */
  to = 0;
  readonly #out: RecordWriter;
  #scratch: Buffer = Buffer.alloc(1024);

  constructor(out: RecordWriter) {
    this.#out = out;
  }

  /** Behind the line that begins here; undefined when it is not whole yet. */
  read(bytes: Buffer, from: number): number | undefined {
    const end = bytes.indexOf(LF, from);
    if (end < 0) return undefined;
    const to = end > from && bytes[end - 1] === CR ? end - 1 : end;
    this.to = to;
    this.isOver = to === from + 2 && bytes[from] === BACKSLASH && bytes[from + 1] === POINT;
    this.isBroken = false;
    if (!this.isOver) this.#fields(bytes, from, to);
    return end + 1;
  }

  #fields(bytes: Buffer, from: number, to: number): void {
    this.#out.reserve(to - from, to - from + 1);
    for (let start = from; start <= to; ) {
      let at = start;
      let isPlain = true;
      for (; at < to && bytes[at] !== TAB; at++) {
        const byte = bytes[at]!;
        if (byte === CR) this.isBroken = true;
        if (byte !== BACKSLASH) continue;
        isPlain = false;
        at++;
        if (at === to) this.isBroken = true;
      }
      const end = Math.min(at, to);
      const isNull = end === start + 2 && bytes[start] === BACKSLASH && bytes[start + 1] === LETTER_N;
      if (isNull) this.#out.null();
      else if (isPlain) this.#out.field(bytes, start, end);
      else this.#out.field(this.#scratch, 0, this.#unescape(bytes, start, end));
      start = end + 1;
    }
  }

  #unescape(bytes: Buffer, from: number, to: number): number {
    if (this.#scratch.length < to - from) this.#scratch = Buffer.alloc(2 * (to - from));
    return unescaped(bytes, from, to, 'copy', undefined, this.#scratch);
  }
}

const TAB = 9;
const LF = 10;
const CR = 13;
const POINT = 0x2e;
const LETTER_N = 0x4e;
const BACKSLASH = 0x5c;
