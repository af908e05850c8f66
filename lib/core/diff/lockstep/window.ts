/** The part of one side's record stream that is in memory. `start` is always the start of a record. */
export class Window {
  /** Exactly the filled part, so that a search cannot find stale bytes. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  /** Offset of `bytes[0]` in the stream. */
  base = 0;
  /** The stream has ended. */
  ended = false;
  #memory: Buffer;

  constructor(size: number) {
    this.#memory = Buffer.allocUnsafe(size);
  }

  get end(): number {
    return this.bytes.length;
  }

  get isEmpty(): boolean {
    return this.start === this.bytes.length;
  }

  /** Adds bytes behind those that are not consumed yet. A record that does not fit grows the window; the scan limits its size. */
  append(chunk: Uint8Array): void {
    const kept = this.end - this.start;
    if (this.end + chunk.length > this.#memory.length) {
      const needed = kept + chunk.length;
      const memory =
        needed > this.#memory.length ? Buffer.allocUnsafe(Math.max(needed, this.#memory.length * 2)) : this.#memory;
      this.#memory.copy(memory, 0, this.start, this.end);
      this.#memory = memory;
      this.base += this.start;
      this.start = 0;
    }
    const from = this.start + kept;
    this.#memory.set(chunk, from);
    this.bytes = this.#memory.subarray(0, from + chunk.length);
  }
}
