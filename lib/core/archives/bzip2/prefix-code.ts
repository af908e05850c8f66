import type { Bits } from './bits.ts';

/** Length of the longest code. */
export const MAX_LENGTH = 20;

/** So many bits are looked up at once; longer codes are rare. */
const FAST_BITS = 10;

/** A canonical prefix code: shorter codes first, and those of one length in the order of their symbols. */
export class PrefixCode {
  /** By the next bits: symbol and length of the code; 0 when it is longer, or none. */
  readonly #fast = new Uint16Array(1 << FAST_BITS);
  /** The first code behind those of a length, as if it had MAX_LENGTH bits. */
  readonly #limits = new Int32Array(MAX_LENGTH + 2);
  /** What is added to a code of a length to get the place of its symbol. */
  readonly #bases = new Int32Array(MAX_LENGTH + 1);
  readonly #symbols: Uint16Array;

  /** undefined when no code can have these lengths. */
  static of(lengths: Uint8Array): PrefixCode | undefined {
    const code = new PrefixCode(lengths);
    return code.#limits[MAX_LENGTH]! > 1 << MAX_LENGTH ? undefined : code;
  }

  private constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= MAX_LENGTH; length += 1) {
      this.#bases[length] = place - code;
      for (let symbol = 0; symbol < lengths.length; symbol += 1) {
        if (lengths[symbol] !== length) continue;
        if (length <= FAST_BITS && code < 1 << length) this.#remember(code, length, symbol);
        this.#symbols[place] = symbol;
        code += 1;
        place += 1;
      }
      this.#limits[length] = code * 2 ** (MAX_LENGTH - length);
      code *= 2;
    }
    this.#limits[MAX_LENGTH + 1] = 1 << (MAX_LENGTH + 1);
  }

  /** The next symbol; undefined when no code begins like the next bits. Throws OutOfBits. */
  read(bits: Bits): number | undefined {
    const ahead = bits.peek(MAX_LENGTH);
    const known = this.#fast[ahead >>> (MAX_LENGTH - FAST_BITS)]!;
    if (known !== 0) {
      bits.skip(known & LENGTH);
      return known >>> LENGTH_BITS;
    }
    let length = FAST_BITS + 1;
    while (ahead >= this.#limits[length]!) length += 1;
    if (length > MAX_LENGTH) return undefined;
    bits.skip(length);
    return this.#symbols[(ahead >>> (MAX_LENGTH - length)) + this.#bases[length]!];
  }

  #remember(code: number, length: number, symbol: number): void {
    const room = FAST_BITS - length;
    this.#fast.fill((symbol << LENGTH_BITS) | length, code << room, (code + 1) << room);
  }
}

const LENGTH_BITS = 5;
const LENGTH = (1 << LENGTH_BITS) - 1;
