/** Models tell places apart by their rest by this number. */
const ALIGNMENT = 16;

/** A window as small as this is moved less often than it is filled. */
const LEAST_ROOM = 1 << 22;

/** The last bytes that were unpacked, which the next ones may repeat. */
export class Window {
  bytes: Buffer = Buffer.alloc(0);
  /** Place of the next byte. */
  at = 0;
  #size = 0;
  #room = 0;
  /** Place of the first byte that may be repeated. */
  #begin = 0;
  #phase = 0;

  /** Begins to hold so many bytes. */
  open(size: number): void {
    this.#size = size;
    this.#room = size + ALIGNMENT + Math.max(size, LEAST_ROOM);
    this.at = 0;
    this.forget();
  }

  /** Nothing before this place is repeated any more. */
  forget(): void {
    this.#begin = this.at;
    this.#phase = this.at % ALIGNMENT;
  }

  /** Place of the next byte since anything was forgotten; of it only the rest by 16 counts. */
  get place(): number {
    return this.at - this.#phase;
  }

  /** Makes room for so many bytes, fewer than LEAST_ROOM. */
  prepare(count: number): void {
    if (this.at + count > this.#room) this.#move();
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    // A small file asks for as large a window as a large one.
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#room, 2 * needed));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  /** Whether a byte so far back is there. */
  reaches(distance: number): boolean {
    return distance <= this.#size && distance <= this.at - this.#begin;
  }

  /** Repeats bytes from so far back; they may reach into themselves. */
  repeat(distance: number, length: number): void {
    const { bytes } = this;
    let { at } = this;
    if (distance >= length) bytes.copyWithin(at, at - distance, at - distance + length);
    else for (let count = 0; count < length; count += 1) bytes[at + count] = bytes[at + count - distance]!;
    at += length;
    this.at = at;
  }

  #move(): void {
    const past = Math.max(0, this.at - this.#size);
    const from = past - (past % ALIGNMENT);
    this.bytes.copyWithin(0, from, this.at);
    this.#begin = Math.max(0, this.#begin - from);
    this.at -= from;
  }
}
