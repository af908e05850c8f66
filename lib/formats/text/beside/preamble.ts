import { MAGIC_BYTES } from '../../../core/archives/magic.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { Carry } from '../../../core/records/carry.ts';
import { byteOrderMark } from '../../../core/records/scan/text-check.ts';
import { excerpt } from '../../../core/shown-text.ts';
import type { TextFormat } from '../encoding-options.ts';
import { type LineFormat, listed } from '../line-options.ts';
import { refuseOtherFormats } from '../other-formats.ts';
import type { Transform } from '../transform.ts';
import { type LeftOut, leftOutAs } from './left-out.ts';
import { LinePattern } from './line-pattern.ts';

export type LinedFormat = TextFormat & LineFormat;

/**
 * Removes the lines before header and data: those that the feed declares, and Excel's `sep=`. Throws PREAMBLE_MISMATCH where the
 * file begins otherwise, and BAD_MAGIC and ENCODING where it is no text.
 */
export class Preamble implements Transform {
  readonly notes: string[] = [];
  /** What was removed, with a byte order mark. */
  bytes: Buffer = Buffer.alloc(0);
  /** The numbers of data records that the first lines say. */
  readonly counts: number[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly #format: LinedFormat;
  readonly #separator: string | undefined;
  readonly #start = new Carry();
  #isOver = false;

  /** `separator`: what a first line `sep=` has to name. */
  constructor(format: LinedFormat, separator: string | undefined) {
    this.#format = format;
    this.#separator = separator;
  }

  push(chunk: Buffer): Buffer {
    if (this.#isOver) return chunk;
    this.#start.append(chunk);
    return this.#cut(false);
  }

  finish(): Buffer {
    return this.#isOver ? Buffer.alloc(0) : this.#cut(true);
  }

  #cut(isEnded: boolean): Buffer {
    const bytes = this.#start.bytes();
    if (bytes.length < MAGIC_BYTES && !isEnded) return Buffer.alloc(0);
    refuseOtherFormats(bytes, this.#format);
    const isMarked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    const lines = new FirstLines(bytes, isMarked ? byteOrderMark.length : 0, isEnded);
    const end = bytes.length === 0 ? 0 : this.#endOf(lines);
    if (end === undefined && bytes.length <= MAX_BYTES) return Buffer.alloc(0);
    if (end === undefined || end > MAX_BYTES) throw new NightfeedError('PREAMBLE_MISMATCH', this.#tooFar());
    this.#isOver = true;
    this.bytes = Buffer.from(bytes.subarray(0, end));
    return Buffer.from(bytes.subarray(end));
  }

  /** Where header and data begin; undefined when that takes more bytes. */
  #endOf(lines: FirstLines): number | undefined {
    const { leader = [], skip = {} } = this.#format;
    const expected = this.#separator;
    this.counts.length = this.leftOut.length = this.notes.length = 0;
    const first = lines.peek();
    const separator = expected !== undefined ? /^"?sep=(.{1,9}?)"?$/i.exec(first?.toString() ?? '')?.[1] : undefined;
    if (first === undefined)
      return lines.isEnded || (lines.left > SEP_BYTES && !this.#isDeclared) ? lines.at : undefined;
    if (expected !== undefined && separator !== undefined) {
      if (separator !== expected) throw otherSeparator(separator, expected);
      lines.next();
      this.notes.push(`a first line sep=${expected}`);
    }
    for (const pattern of listed(leader)) {
      const line = lines.next();
      if (line === undefined) return lines.isEnded ? refuseEnd(pattern) : undefined;
      const text = line.toString();
      const match = new LinePattern(pattern).match(text);
      if (!match) throw mismatch(`the line ${excerpt(text)} is not as \`leader\` says; expected ${excerpt(pattern)}`);
      if (match.rows !== null) this.counts.push(match.rows);
      this.leftOut.push(...leftOutAs('leader', pattern, line));
    }
    for (let left = skip.head ?? 0; left > 0; left--) {
      const line = lines.next();
      if (line === undefined) return lines.isEnded ? refuseEnd(`${skip.head} lines`) : undefined;
      this.leftOut.push({ option: 'skip.head', line });
    }
    if (skip.until === undefined) return lines.at;
    const until = new LinePattern(skip.until);
    for (let line = lines.peek(); line !== undefined; line = lines.peek()) {
      if (until.match(line.toString())) return lines.at;
      this.leftOut.push({ option: 'skip.until', line });
      lines.next();
    }
    return lines.isEnded ? refuseEnd(skip.until) : undefined;
  }

  get #isDeclared(): boolean {
    return this.#format.leader !== undefined || this.#format.skip !== undefined;
  }

  #tooFar(): string {
    const { until } = this.#format.skip ?? {};
    const what =
      until === undefined ? 'its first lines do not end' : `no line is as \`skip.until\` says, ${excerpt(until)},`;
    return `${what} within the first ${MAX_BYTES} bytes`;
  }
}

/** More bytes than a line `sep=` has. */
const SEP_BYTES = 50;

/** Some lines before the data, such as a title and a date; they are kept in the receipt. */
const MAX_BYTES = 64 * 1024;

/** The first lines of a file of which not all bytes may be there. */
class FirstLines {
  readonly isEnded: boolean;
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number, isEnded: boolean) {
    this.#bytes = bytes;
    this.at = at;
    this.isEnded = isEnded;
  }

  /** Bytes that are there from the next line on. */
  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** The next line without its end; undefined when it is not whole yet, or there is none. */
  peek(): Buffer | undefined {
    return this.#line()?.text;
  }

  next(): Buffer | undefined {
    const line = this.#line();
    if (line !== undefined) this.at = line.end;
    return line?.text;
  }

  #line(): { readonly text: Buffer; readonly end: number } | undefined {
    const bytes = this.#bytes;
    let to = this.at;
    while (to < bytes.length && bytes[to] !== LF && bytes[to] !== CR) to++;
    const text = bytes.subarray(this.at, to);
    if (to < bytes.length && bytes[to] === LF) return { text, end: to + 1 };
    if (to + 1 < bytes.length) return { text, end: bytes[to + 1] === LF ? to + 2 : to + 1 };
    return this.isEnded && to > this.at ? { text, end: bytes.length } : undefined;
  }
}

function otherSeparator(found: string, delimiter: string): NightfeedError {
  return mismatch(`the file says sep=${excerpt(found)}; expected the delimiter ${excerpt(delimiter)}`);
}

function refuseEnd(expected: string): never {
  throw mismatch(`the file ends before its data; expected ${excerpt(expected)}`);
}

function mismatch(message: string): NightfeedError {
  return new NightfeedError('PREAMBLE_MISMATCH', message);
}

const LF = 10;
const CR = 13;
