import { NightfeedError } from '../../../core/errors.ts';
import { Carry } from '../../../core/records/carry.ts';
import { isLineEnd, lines } from '../../../core/records/lines.ts';
import { MAX_RECORD_BYTES } from '../../../core/records/record-walk.ts';

/** Holds back the last lines of a file that are not blank, with the blank ones after them. Throws RECORD_TOO_LONG. */
export class LastLines {
  readonly #count: number;
  readonly #held = new Carry();
  /** Where these lines begin among the held bytes; the last one may still grow. */
  #starts: readonly number[] = [];
  /** Whether lines before these were passed on. */
  follow = false;

  constructor(count: number) {
    this.#count = count;
  }

  /** The bytes that cannot be among the last lines any more. */
  push(chunk: Buffer): Buffer {
    const before = this.#held.bytes();
    const found = lastStarts(this.#count, chunk, before.length === 0 || isLineEnd(before.at(-1)));
    const starts = [...this.#starts, ...found.map((at) => before.length + at)].slice(-this.#count);
    const start = starts.length < this.#count ? 0 : starts[0]!;
    this.#starts = starts.map((at) => at - start);
    if (start > 0) this.follow = true;
    this.#held.append(chunk);
    const data = this.#held.bytes();
    if (data.length - start > (this.#count + 1) * MAX_RECORD_BYTES)
      throw new NightfeedError('RECORD_TOO_LONG', `a record is longer than the allowed ${MAX_RECORD_BYTES} bytes`);
    const passed = Buffer.from(data.subarray(0, start));
    this.#held.drop(start);
    return passed;
  }

  get bytes(): Buffer {
    return this.#held.bytes();
  }

  /** Without their line ends. */
  get texts(): string[] {
    const { bytes } = this;
    return [...lines(bytes, 0, bytes.length)]
      .filter(([from, to]) => from < to)
      .map(([from, to]) => bytes.toString('utf8', from, to));
  }

  get lacksEnd(): boolean {
    const last = this.bytes.at(-1);
    return last !== undefined && !isLineEnd(last);
  }
}

/** Where the last lines of a chunk begin, as many as asked for. `isFirst`: a line can begin with the chunk. */
function lastStarts(count: number, chunk: Buffer, isFirst: boolean): number[] {
  const starts: number[] = [];
  for (let at = chunk.length; starts.length < count; ) {
    while (at > 0 && isLineEnd(chunk[at - 1])) at--;
    if (at === 0) break;
    while (at > 0 && !isLineEnd(chunk[at - 1])) at--;
    if (at > 0 || isFirst) starts.unshift(at);
  }
  return starts;
}
