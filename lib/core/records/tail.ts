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
}
