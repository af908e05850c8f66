import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Store } from '../../ports/store.ts';
import { compressed } from './compressed.ts';

/** A copy of a file's bytes in the lake, written while they are read for something else. */
export class RawCopy {
  readonly key: string;
  readonly #bytes = new PassThrough();
  readonly #written: Promise<number>;

  constructor(key: string, store: Pick<Store, 'write'>) {
    this.key = key;
    this.#written = store.write(key, compressed(this.#bytes));
    // It is awaited in `end`. Until then a failure would count as unhandled and end the process.
    this.#written.catch(() => this.#bytes.destroy());
  }

  /** Resolves when there is room for more. Throws what the store throws. */
  async push(chunk: Buffer): Promise<void> {
    if (this.#bytes.destroyed) await this.#written;
    if (this.#bytes.write(chunk)) return;
    await Promise.race([once(this.#bytes, 'drain'), this.#written]);
  }

  /** Resolves when the copy is durable. */
  async end(): Promise<void> {
    this.#bytes.end();
    await this.#written;
  }

  /** A copy that is not ended does not come to be. */
  abandon(): void {
    if (!this.#bytes.writableEnded) this.#bytes.destroy(new Error('the copy is not needed'));
  }
}
