import { Bits, OutOfBits } from '../../../core/archives/bzip2/bits.ts';
import { BLOCK_UNIT, Bzip2Block, Malformed } from '../../../core/archives/bzip2/block.ts';
import { Bzip2Checksum } from '../../../core/archives/bzip2/checksum.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { ByteReader } from '../byte-reader.ts';
import { checkUnpacked } from '../unpacked-size.ts';

/** More than the bits of any block: 900,000 symbols of 20 bits, and its codes. */
const MOST_PACKED = 2_500_000;

/**
 * Unpacks bzip2, also several streams one after the other, as parallel compressors write them. Each block and each stream has a checksum.
 * Throws EMPTY_FILE, NOT_BZIP2, BZIP2_TRUNCATED, BZIP2_CORRUPT and DECOMPRESSION_LIMIT.
 */
export async function* unpackBzip2(
  received: AsyncIterable<Buffer>,
  checksums: { parts: number },
): AsyncGenerator<Buffer> {
  const input = new ByteReader(received, truncated);
  if (!(await input.more())) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  const block = new Bzip2Block();
  let unpacked = 0;
  for (let isFirst = true; await input.more(); isFirst = false) {
    const level = await levelAhead(input, isFirst);
    checksums.parts += 1;
    let streamSum = 0;
    let bit = 0;
    for (let isEnd = false; !isEnd; ) {
      const ahead = await input.upTo(MOST_PACKED);
      const bits = new Bits(ahead, bit);
      const sum = read(() => {
        isEnd = isEndAhead(bits);
        const said = bits.take(16) * 0x10000 + bits.take(16);
        if (!isEnd) block.read(bits, level * BLOCK_UNIT);
        return said;
      }, ahead.length === MOST_PACKED);
      if (isEnd) {
        if (sum !== streamSum) throw corrupt('the checksum of all its blocks is wrong');
        requireZeros(bits);
      }
      const used = Math.floor(bits.position / 8);
      bit = bits.position % 8;
      input.unread(ahead.subarray(used));
      if (isEnd) break;
      const found = new Bzip2Checksum();
      for (const chunk of block.bytes()) {
        unpacked += chunk.length;
        checkUnpacked(input.position, unpacked);
        found.push(chunk);
        yield chunk;
      }
      if (found.value !== sum) throw corrupt('the checksum of a block is wrong');
      streamSum = (((streamSum << 1) | (streamSum >>> 31)) ^ sum) >>> 0;
    }
  }
}

async function levelAhead(input: ByteReader, isFirst: boolean): Promise<number> {
  const head = await input.upTo(HEAD);
  const level = /^BZh([1-9])$/.exec(head.toString('latin1'))?.[1];
  if (level !== undefined) return Number(level);
  if (!isFirst) throw corrupt('something follows its content');
  throw 'BZh'.startsWith(head.toString('latin1', 0, 3)) && head.length < HEAD
    ? truncated()
    : new NightfeedError('NOT_BZIP2', 'the name ends in .bz2, but the content is not bzip2');
}

const HEAD = 4;

/** Whether the stream ends here, or a block begins. */
function isEndAhead(bits: Bits): boolean {
  const magic = [bits.take(24), bits.take(24)];
  if (magic[0] === 0x314159 && magic[1] === 0x265359) return false;
  if (magic[0] === 0x177245 && magic[1] === 0x385090) return true;
  throw new Malformed('it does not begin as a block');
}

/** A stream ends with a whole byte. */
function requireZeros(bits: Bits): void {
  const rest = -bits.position & 7;
  if (bits.take(rest) !== 0) throw corrupt('something stands behind its end');
}

/** `isAll`: more bytes were there than a block can have. */
function read<T>(work: () => T, isAll: boolean): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof OutOfBits && !isAll) throw truncated();
    if (thrown instanceof OutOfBits) throw corrupt('a block is longer than any can be');
    throw thrown instanceof Malformed ? corrupt(`in a block, ${thrown.message}`) : thrown;
  }
}

function truncated(): NightfeedError {
  return new NightfeedError('BZIP2_TRUNCATED', 'the bzip2 stream ends early');
}

function corrupt(why: string): NightfeedError {
  return new NightfeedError('BZIP2_CORRUPT', `the bzip2 stream is damaged: ${why}`);
}
