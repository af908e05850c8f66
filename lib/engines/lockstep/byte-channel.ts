/** Passes bytes from a writer that pushes to a reader that pulls, with a small buffer between them. */
export class ByteChannel implements AsyncIterable<Uint8Array> {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #waiting = 0;
  #isOver = false;
  #wakeReader = () => {};
  #wakeWriter = () => {};

  /** A push waits while more than `limit` bytes are in the buffer. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    this.#wakeReader();
    while (this.#waiting > this.#limit && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  /** Either side ends the channel. Bytes in the buffer can still be read. */
  end(): void {
    this.#isOver = true;
    this.#wakeReader();
    this.#wakeWriter();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          this.#waiting -= chunk.length;
          this.#wakeWriter();
          yield chunk;
        } else if (this.#isOver) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
      }
    } finally {
      this.end();
    }
  }
}
