import type { Proof } from '../../../ports/file-format.ts';
import type { Transform } from '../transform.ts';
import { LastLines } from './last-lines.ts';
import type { LeftOut } from './left-out.ts';

/** Removes the last lines of a file without a look at them. The caller looks whether they are data. */
export class SkippedTail implements Transform {
  readonly notes: readonly string[] = [];
  leftOut: readonly LeftOut[] = [];
  readonly #last: LastLines;
  readonly #proof: Proof | undefined;

  /** Without a proof that the file is whole, the last line needs its end: else it may be a record that was cut. */
  constructor(count: number, proof: Proof | undefined) {
    this.#last = new LastLines(count);
    this.#proof = proof;
  }

  push(chunk: Buffer): Buffer {
    return this.#last.push(chunk);
  }

  finish(): Buffer {
    if (this.#last.lacksEnd && this.#proof?.() === undefined) return this.#last.bytes;
    this.leftOut = this.#last.texts.map((text) => ({ option: 'skip.tail', line: Buffer.from(text) }));
    return Buffer.alloc(0);
  }
}
