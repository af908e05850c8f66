/** The start of a record whose end is in a later chunk. Grows by doubling, so that chunks of one byte cost linear time. */
export class Carry {
  #buffer = Buffer.alloc(0);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, length));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  /** Drops the first bytes. */
  drop(length: number): void {
    if (length === 0) return;
    this.#buffer.copyWithin(0, length, this.#length);
    this.#length -= length;
  }

  /** The bytes, as a view that the next append may overwrite. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
