import type { Bits } from './bits.ts';
import { MAX_LENGTH, PrefixCode } from './prefix-code.ts';

/** Bytes of a block, before runs become long again, by the digit in the file's head. */
export const BLOCK_UNIT = 100_000;

/** The data of a block cannot be what a compressor writes. */
export class Malformed extends Error {}

const GROUP = 50;
const MAX_CODES = 6;
const RUN_A = 0;
const RUN_B = 1;

/** Reads blocks of bzip2 behind their magic and checksum. It keeps its memory from one block to the next. */
export class Bzip2Block {
  /** A byte of the sorted text, and above it the place of the byte that follows it in the text. */
  #links = new Uint32Array(0);
  #length = 0;
  #first = 0;

  /** Reads the block's bits. Throws Malformed and OutOfBits. */
  read(bits: Bits, most: number): void {
    if (this.#links.length < most) this.#links = new Uint32Array(most);
    if (bits.take(1) === 1) throw new Malformed('it is randomised, as only bzip2 before 0.9.5 wrote it');
    this.#first = bits.take(24);
    const symbols = symbolsOf(bits);
    const codes = bits.take(3);
    if (codes < 2 || codes > MAX_CODES) throw new Malformed(`it has ${codes} codes`);
    const selectors = selectorsOf(bits, codes);
    const alphabet = symbols.length + 2;
    const tables = Array.from({ length: codes }, () => codeOf(bits, alphabet));
    this.#length = this.#readSymbols(bits, { symbols, selectors, tables, most });
    if (this.#first >= this.#length) throw new Malformed('it begins behind its end');
    this.#link();
  }

  /** The bytes, in chunks. */
  *bytes(): Generator<Buffer> {
    const links = this.#links;
    let out = Buffer.allocUnsafe(CHUNK);
    let filled = 0;
    let place = links[this.#first]! >>> 8;
    let last = -1;
    let run = 0;
    for (let count = 0; count < this.#length; count += 1) {
      const link = links[place]!;
      const byte = link & 0xff;
      place = link >>> 8;
      if (filled > CHUNK - MAX_RUN) {
        yield out.subarray(0, filled);
        out = Buffer.allocUnsafe(CHUNK);
        filled = 0;
      }
      if (run === 4) {
        out.fill(last, filled, filled + byte);
        filled += byte;
        run = 0;
        last = -1;
        continue;
      }
      run = byte === last ? run + 1 : 1;
      last = byte;
      out[filled] = byte;
      filled += 1;
    }
    if (filled > 0) yield out.subarray(0, filled);
  }

  #readSymbols(bits: Bits, { symbols, selectors, tables, most }: Coding): number {
    const links = this.#links;
    const end = symbols.length + 1;
    let length = 0;
    let run = 0;
    let weight = 1;
    for (const selector of selectors) {
      const table = tables[selector]!;
      for (let count = 0; count < GROUP; count += 1) {
        const symbol = table.read(bits);
        if (symbol === undefined) throw new Malformed('it has bits that are no code');
        if (symbol === RUN_A || symbol === RUN_B) {
          run += weight << symbol;
          weight <<= 1;
          if (run > most) throw new Malformed('it is too long');
          continue;
        }
        if (run > 0) {
          if (length + run > most) throw new Malformed('it is too long');
          links.fill(symbols[0]!, length, length + run);
          length += run;
          run = 0;
          weight = 1;
        }
        if (symbol === end) return length;
        if (length === most) throw new Malformed('it is too long');
        const byte = symbols[symbol - 1]!;
        moveBack(symbols, symbol - 1);
        symbols[0] = byte;
        links[length] = byte;
        length += 1;
      }
    }
    throw new Malformed('it has no end');
  }

  /** Each byte of the sorted text gets the place of the one that follows: equal bytes follow in the order in which they stand. */
  #link(): void {
    const [links, length] = [this.#links, this.#length];
    const counts = new Uint32Array(256);
    for (let at = 0; at < length; at += 1) {
      links[at]! &= 0xff;
      counts[links[at]!]! += 1;
    }
    const next = new Uint32Array(256);
    for (let byte = 1; byte < 256; byte += 1) next[byte] = next[byte - 1]! + counts[byte - 1]!;
    for (let at = 0; at < length; at += 1) {
      const byte = links[at]! & 0xff;
      links[next[byte]!]! |= at << 8;
      next[byte]! += 1;
    }
  }
}

/** Moves the first bytes by one. Few bytes are moved faster one by one. */
function moveBack(bytes: Uint8Array, count: number): void {
  if (count > 24) bytes.copyWithin(1, 0, count);
  else for (let at = count; at > 0; at -= 1) bytes[at] = bytes[at - 1]!;
}

const CHUNK = 1 << 18;
const MAX_RUN = 256;

interface Coding {
  /** The bytes of the block, the one that was met last in front. */
  readonly symbols: Uint8Array;
  readonly selectors: Uint8Array;
  readonly tables: readonly PrefixCode[];
  readonly most: number;
}

/** The bytes that occur: 16 bits for the sixteenths that have any, then 16 for each of these. */
function symbolsOf(bits: Bits): Uint8Array {
  const rows = bits.take(16);
  const found: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if (((rows >>> (15 - row)) & 1) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column += 1)
      if (((columns >>> (15 - column)) & 1) === 1) found.push(row * 16 + column);
  }
  if (found.length === 0) throw new Malformed('no byte occurs in it');
  return Uint8Array.from(found);
}

/** Which code each group of symbols has: the one used last is the shortest to write. */
function selectorsOf(bits: Bits, codes: number): Uint8Array {
  const count = bits.take(15);
  if (count === 0) throw new Malformed('it has no symbols');
  const order = Uint8Array.from({ length: codes }, (_, index) => index);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    let place = 0;
    while (bits.take(1) === 1) {
      place += 1;
      if (place >= codes) throw new Malformed('it names a code that it has not');
    }
    const code = order[place]!;
    order.copyWithin(1, 0, place);
    order[0] = code;
    selectors[at] = code;
  }
  return selectors;
}

/** The lengths of a code's symbols, each as its difference from the one before. */
function codeOf(bits: Bits, alphabet: number): PrefixCode {
  const lengths = new Uint8Array(alphabet);
  let length = bits.take(5);
  for (let symbol = 0; symbol < alphabet; symbol += 1) {
    for (;;) {
      if (length < 1 || length > MAX_LENGTH) throw new Malformed(`a code has ${length} bits`);
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const code = PrefixCode.of(lengths);
  if (code === undefined) throw new Malformed('its codes contradict each other');
  return code;
}
