import type { Proof } from '../../../ports/file-format.ts';
import type { Transform } from '../transform.ts';
import { LastLines } from './last-lines.ts';

/** Removes the last lines of a file without a look at them. The caller looks whether they are data. */
export class SkippedTail implements Transform {
  readonly notes: readonly string[] = [];
  /** The lines that were removed, without their ends. */
  lines: readonly string[] = [];
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
    this.lines = this.#last.texts;
    return Buffer.alloc(0);
  }
}
