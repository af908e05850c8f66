import { createHash } from 'node:crypto';
import { FileStart } from '../../core/infer/other-kind.ts';
import { Tail } from '../../core/records/tail.ts';
import type { RawCopy } from './raw-copy.ts';

/** A file's bytes on their way to its format: hashed, counted, and copied where they could not be made again. */
export class DeliveredBytes {
  length = 0;
  readonly #chunks: AsyncIterable<Buffer>;
  readonly #copy: RawCopy | undefined;
  readonly #hash = createHash('sha256');
  readonly #tail = new Tail(KEPT_BYTES);
  readonly start = new FileStart();

  constructor(chunks: AsyncIterable<Buffer>, copy: RawCopy | undefined) {
    this.#chunks = chunks;
    this.#copy = copy;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#chunks) {
      this.#hash.update(chunk);
      this.start.see(chunk);
      this.#tail.push(chunk);
      this.length += chunk.length;
      if (this.#copy) await this.#copy.push(chunk);
      yield chunk;
    }
  }

  /** Called once, after the last byte. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** The last bytes; undefined when they are more than are kept. */
  last(count: number): Buffer | undefined {
    return this.#tail.last(count);
  }
}

/** What stands behind the records is a few lines. */
const KEPT_BYTES = 1_000_000;
