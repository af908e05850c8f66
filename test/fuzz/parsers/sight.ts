import { MAX_INPUT } from './mutate.ts';

/** What the worker has in hand, for who watches it: a worker that hangs, or runs out of memory, tells nothing any more. */
export class Sight {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD_BYTES + MAX_INPUT)) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD_BYTES / 4);
    this.#bytes = new Uint8Array(memory, HEAD_BYTES);
  }

  show(target: number, input: Buffer): void {
    this.#bytes.set(input);
    this.#head.set([target, input.length], 1);
    Atomics.add(this.#head, 0, 1);
  }

  /** Goes up with every input. */
  get count(): number {
    return Atomics.load(this.#head, 0);
  }

  get target(): number {
    return this.#head[1]!;
  }

  get input(): Buffer {
    return Buffer.from(this.#bytes.slice(0, this.#head[2]));
  }
}

const HEAD_BYTES = 16;
