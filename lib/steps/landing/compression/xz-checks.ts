import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What proves the content of a block. */
export interface Check {
  readonly bytes: number;
  /** Begins a sum, or undefined when there is none. */
  begin?(): Sum;
}

interface Sum {
  push(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** By the number in the head of a stream. The format reserves others; no program writes them. */
export const checks: Readonly<Record<number, Check>> = {
  0: { bytes: 0 },
  1: { bytes: 4, begin: () => new Crc32() },
  4: { bytes: 8, begin: () => new Crc64() },
  10: { bytes: 32, begin: () => new Sha256() },
};

class Crc32 implements Sum {
  #crc = 0;

  push(bytes: Uint8Array): void {
    this.#crc = crc32(bytes, this.#crc);
  }

  digest(): Buffer {
    const digest = Buffer.alloc(4);
    digest.writeUInt32LE(this.#crc);
    return digest;
  }
}

class Sha256 implements Sum {
  readonly #hash = createHash('sha256');

  push(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Buffer {
    return this.#hash.digest();
  }
}

/** CRC-64 of ECMA-182, in two halves, because JavaScript's numbers have no 64 bits. Four bytes at a time. */
class Crc64 implements Sum {
  #low = -1;
  #high = -1;

  push(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high];
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4) {
      const next = low ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
      const [a, b, c, d] = [
        768 + (next & 0xff),
        512 + ((next >>> 8) & 0xff),
        256 + ((next >>> 16) & 0xff),
        next >>> 24,
      ];
      low = high ^ lows[a]! ^ lows[b]! ^ lows[c]! ^ lows[d]!;
      high = highs[a]! ^ highs[b]! ^ highs[c]! ^ highs[d]!;
    }
    for (; at < bytes.length; at += 1) {
      const index = (low ^ bytes[at]!) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ lows[index]!;
      high = (high >>> 8) ^ highs[index]!;
    }
    this.#low = low;
    this.#high = high;
  }

  digest(): Buffer {
    const digest = Buffer.alloc(8);
    digest.writeInt32LE(~this.#low, 0);
    digest.writeInt32LE(~this.#high, 4);
    return digest;
  }
}

const POLYNOMIAL = 0xc96c5795d7870f42n;
const TABLES = 4;

/** For each byte its remainder, then with one, two and three zero bytes behind it. */
const remainders = (() => {
  const found: bigint[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    found.push(crc);
  }
  for (let index = 256; index < 256 * TABLES; index += 1) {
    const before = found[index - 256]!;
    found.push((before >> 8n) ^ found[Number(before & 0xffn)]!);
  }
  return found;
})();
const lows = Int32Array.from(remainders, (each) => Number(BigInt.asIntN(32, each)));
const highs = Int32Array.from(remainders, (each) => Number(BigInt.asIntN(32, each >> 32n)));
