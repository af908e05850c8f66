/** The packed data of a chunk cannot be what a compressor writes. */
export class Malformed extends Error {}

/** Bytes before the first bit. */
const RANGE_HEAD = 5;

const HALF = 1024;
const BITS = 11;
const MOVE = 5;
const SIGN = 0x80000000 | 0;

/** A model of so many bits, each as likely 0 as 1. */
export const evenBits = (count: number): Uint16Array => new Uint16Array(count).fill(HALF);

/**
 * Reads bits of which a model says how likely each is. Range and code are 32-bit numbers, kept signed, because V8 keeps those without a
 * detour; both with the sign bit turned, they compare as unsigned ones do.
 */
export class RangeDecoder {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #range = 0;
  #code = 0;

  /** Throws Malformed. */
  begin(bytes: Buffer): void {
    if (bytes.length < RANGE_HEAD || bytes[0] !== 0) throw new Malformed('its first byte is not 0');
    this.#bytes = bytes;
    this.#range = -1;
    this.#code = bytes.readInt32BE(1);
    this.#at = RANGE_HEAD;
  }

  /** Whether all bytes are read, and their end is that of a whole chunk. */
  endsHere(): boolean {
    this.#fill();
    return this.#at === this.#bytes.length && this.#code === 0;
  }

  bit(model: Uint16Array, index: number): 0 | 1 {
    this.#fill();
    const likely = model[index]!;
    const bound = Math.imul(this.#range >>> BITS, likely);
    if ((this.#code ^ SIGN) < (bound ^ SIGN)) {
      this.#range = bound;
      model[index] = likely + ((2 * HALF - likely) >>> MOVE);
      return 0;
    }
    this.#range = (this.#range - bound) | 0;
    this.#code = (this.#code - bound) | 0;
    model[index] = likely - (likely >>> MOVE);
    return 1;
  }

  /** A number of so many bits, the highest first; the model has a place for each beginning of it. */
  tree(model: Uint16Array, from: number, bits: number): number {
    let found = 1;
    for (let count = 0; count < bits; count += 1) found = (found << 1) | this.bit(model, from + found);
    return found - (1 << bits);
  }

  /** The same, the lowest bit first. */
  reversedTree(model: Uint16Array, from: number, bits: number): number {
    let found = 1;
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      const bit = this.bit(model, from + found);
      found = (found << 1) | bit;
      value |= bit << count;
    }
    return value;
  }

  /** Bits without a model. */
  direct(bits: number): number {
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      this.#fill();
      this.#range >>>= 1;
      this.#code = (this.#code - this.#range) | 0;
      const borrowed = this.#code >> 31;
      this.#code = (this.#code + (this.#range & borrowed)) | 0;
      value = (value << 1) + borrowed + 1;
    }
    return value >>> 0;
  }

  #fill(): void {
    if ((this.#range & 0xff000000) !== 0) return;
    this.#range <<= 8;
    // Beyond its last byte a chunk is malformed, which `endsHere` tells.
    this.#code = (this.#code << 8) | (this.#bytes[this.#at] ?? 0);
    this.#at += 1;
  }
}
