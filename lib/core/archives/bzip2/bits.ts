/** No more bytes are there: the data is cut, or says that it is longer than it is. */
export class OutOfBits extends Error {}

/** Reads numbers of some bits, the highest bit of each byte first. */
export class Bits {
  readonly #bytes: Buffer;
  #at: number;
  #held = 0;
  #count = 0;

  /** Begins at a bit of the first byte. */
  constructor(bytes: Buffer, bit: number) {
    this.#bytes = bytes;
    this.#at = 0;
    if (bit > 0) this.take(bit);
  }

  /** Number of bits that were read, those before the first one included. */
  get position(): number {
    return this.#at * 8 - this.#count;
  }

  /** At most 24 bits. Throws OutOfBits. */
  take(bits: number): number {
    while (this.#count < bits) {
      if (this.#at >= this.#bytes.length) throw new OutOfBits();
      this.#held = (this.#held << 8) | this.#bytes[this.#at]!;
      this.#at += 1;
      this.#count += 8;
    }
    this.#count -= bits;
    return (this.#held >>> this.#count) & ((1 << bits) - 1);
  }

  /** The bits ahead, with zeros behind the last byte; `skip` takes them. At most 24. */
  peek(bits: number): number {
    while (this.#count < bits) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#at] ?? 0);
      this.#at += 1;
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - bits)) & ((1 << bits) - 1);
  }

  /** Throws OutOfBits. */
  skip(bits: number): void {
    this.#count -= bits;
    if (this.position > this.#bytes.length * 8) throw new OutOfBits();
  }
}
