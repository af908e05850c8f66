/** Keeps the last bytes of a stream without copying the others. */
export class Tail {
  readonly #most: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** `most`: so many bytes are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - this.#chunks[0]!.length >= this.#most) this.#length -= this.#chunks.shift()!.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-this.#most);
  }

  /** The last bytes; undefined when they are more than are kept. */
  last(count: number): Buffer | undefined {
    if (count === 0) return Buffer.alloc(0);
    return count > this.#most ? undefined : this.bytes().subarray(-count);
  }
}
