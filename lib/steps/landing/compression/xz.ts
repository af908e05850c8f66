import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Malformed } from '../../../core/archives/xz/range-decoder.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { ByteReader } from '../byte-reader.ts';
import { checkUnpacked } from '../unpacked-size.ts';
import { Lzma2 } from './lzma2.ts';
import { checks } from './xz-checks.ts';
import {
  type BlockHead,
  type BlockSizes,
  blockHead,
  LZMA2,
  MOST_DIGITS,
  Numbers,
  requireZeros,
  STREAM_EDGE,
  streamEnd,
  streamHead,
  streamMagic,
  windowBytes,
} from './xz-headers.ts';

/** `xz -9` asks for half of it. Twice as much is kept in memory. */
const MOST_WINDOW_BYTES = 1 << 27;

/**
 * Unpacks xz, also several streams one after the other. Each block has a check, unless its writer left that out, and the index has the
 * sizes of all blocks.
 * Throws EMPTY_FILE, NOT_XZ, XZ_TRUNCATED, XZ_CORRUPT, ARCHIVE_SHAPE and DECOMPRESSION_LIMIT.
 */
export async function* unpackXz(
  received: AsyncIterable<Buffer>,
  checksums: { isMissing: boolean; parts: number },
): AsyncGenerator<Buffer> {
  const input = new ByteReader(received, truncated);
  if (!(await input.more())) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  const decoder = new Lzma2(input);
  let unpacked = 0;
  try {
    for (let isFirst = true; await input.more(); isFirst = false) {
      const kind = await headAhead(input, isFirst);
      if (kind === undefined) continue;
      checksums.parts += 1;
      if (checks[kind]!.begin === undefined) checksums.isMissing = true;
      for await (const chunk of stream(input, kind, decoder)) {
        unpacked += chunk.length;
        checkUnpacked(input.position, unpacked);
        yield chunk;
      }
    }
  } catch (thrown) {
    throw thrown instanceof Malformed ? corrupt(thrown.message) : thrown;
  }
}

/** The kind of check of the stream that begins here; undefined for padding, which may stand behind one. */
async function headAhead(input: ByteReader, isFirst: boolean): Promise<number | undefined> {
  const start = await input.upTo(PADDING);
  if (!isFirst && start.equals(Buffer.alloc(PADDING))) return undefined;
  const head = Buffer.concat([start, await input.upTo(STREAM_EDGE - start.length)]);
  const magic = head.subarray(0, streamMagic.length);
  if (!streamMagic.subarray(0, magic.length).equals(magic)) {
    if (!isFirst) throw corrupt('something follows its content');
    throw new NightfeedError('NOT_XZ', 'the name ends in .xz, but the content is not xz');
  }
  if (head.length < STREAM_EDGE) throw truncated();
  return streamHead(head);
}

const PADDING = 4;

async function* stream(input: ByteReader, kind: number, decoder: Lzma2): AsyncGenerator<Buffer> {
  const found = new Sizes();
  for (;;) {
    const length = (await input.take(1))[0]!;
    if (length === INDEX) break;
    found.add(yield* block(input, length, kind, decoder));
  }
  const begin = input.position - 1;
  await checkIndex(input, found);
  const end = streamEnd(await input.take(STREAM_EDGE));
  if (end.kind !== kind) throw new Malformed('its end tells another check than its head');
  if (end.indexBytes !== input.position - STREAM_EDGE - begin) throw new Malformed('its end tells another index');
}

const INDEX = 0;

async function* block(
  input: ByteReader,
  length: number,
  kind: number,
  decoder: Lzma2,
): AsyncGenerator<Buffer, BlockSizes> {
  const headBytes = (length + 1) * 4;
  const head = blockHead(Buffer.concat([Buffer.of(length), await input.take(headBytes - 1)]));
  const { bytes: checkBytes, begin } = checks[kind]!;
  const sum = begin?.();
  const start = input.position;
  let unpacked = 0;
  for await (const chunk of decoder.block(windowOf(head))) {
    unpacked += chunk.length;
    sum?.push(chunk);
    yield chunk;
  }
  const packed = input.position - start;
  if ((head.packed ?? packed) !== packed || (head.unpacked ?? unpacked) !== unpacked)
    throw new Malformed('the head of a block tells other sizes');
  requireZeros(await input.take(-packed & 3), 'a block');
  const said = await input.take(checkBytes);
  if (sum && !sum.digest().equals(said)) throw new Malformed('the checksum of a block is wrong');
  return { packed: headBytes + packed + checkBytes, unpacked };
}

function windowOf({ filters }: BlockHead): number {
  const [filter] = filters;
  if (filters.length !== 1 || filter!.id !== LZMA2)
    throw new NightfeedError(
      'ARCHIVE_SHAPE',
      'the xz stream is packed with filters for programs or sound; expected LZMA2 alone',
    );
  const bytes = windowBytes(filter!.properties);
  if (bytes <= MOST_WINDOW_BYTES) return bytes;
  const message = `the xz stream asks for a window of ${bytes} bytes; at most ${MOST_WINDOW_BYTES} are allowed, as \`xz -9\` has half of it`;
  throw new NightfeedError('ARCHIVE_SHAPE', message);
}

/** The sizes of blocks, as a number and a hash: a stream may have more blocks than memory has room for. */
class Sizes {
  count = 0;
  readonly #hash = createHash('sha256');

  add({ packed, unpacked }: BlockSizes): void {
    this.count += 1;
    this.#hash.update(`${packed} ${unpacked}\n`);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** The index tells the sizes of all blocks again. */
async function checkIndex(input: ByteReader, found: Sizes): Promise<void> {
  const begin = input.position - 1;
  let sum = crc32(Buffer.of(INDEX));
  const number = async () => {
    const bytes: number[] = [];
    do bytes.push((await input.take(1))[0]!);
    while (bytes.at(-1)! >= 0x80 && bytes.length < MOST_DIGITS);
    sum = crc32(Buffer.from(bytes), sum);
    return new Numbers(Buffer.from(bytes)).next();
  };
  if ((await number()) !== found.count) throw new Malformed('its index has another number of blocks');
  const said = new Sizes();
  for (let count = 0; count < found.count; count += 1) said.add({ packed: await number(), unpacked: await number() });
  if (said.digest() !== found.digest()) throw new Malformed('its index tells other sizes');
  const padding = await input.take(-(input.position - begin) & 3);
  requireZeros(padding, 'the index');
  if ((await input.take(4)).readUInt32LE() !== crc32(padding, sum))
    throw new Malformed('the checksum of the index is wrong');
}

function truncated(): NightfeedError {
  return new NightfeedError('XZ_TRUNCATED', 'the xz stream ends early');
}

function corrupt(why: string): NightfeedError {
  return new NightfeedError('XZ_CORRUPT', `the xz stream is damaged: ${why}`);
}
