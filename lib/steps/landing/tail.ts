/** Keeps the last bytes of a stream without copying the others. */
export class Tail {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - this.#chunks[0]!.length >= OVERLAP_BYTES) this.#length -= this.#chunks.shift()!.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-OVERLAP_BYTES);
  }
}

/** So many last bytes are requested again. They identify the place in any file that does not repeat itself, as dumps do not. */
const OVERLAP_BYTES = 64 * 1024;
