import { pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress } from 'node:zlib';

/** Scanned bytes that may wait for the compressor. */
const AHEAD_BYTES = 4 << 20;

/** Each compressed piece interrupts the scan, and larger ones gain nothing. */
const PIECE_BYTES = 512 << 10;

/** Size of an output buffer. Each time one is full the compressor waits until the scan pauses, so it should have room for a compressed piece. */
const COMPRESSED_BYTES = 256 << 10;

/** Compression level 1: this thread limits the speed of a night, and higher levels cost more time than the space is worth. */
export function compressed(bytes: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
  const zstd = createZstdCompress({
    chunkSize: COMPRESSED_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  // Reads ahead, so that scan and compression overlap.
  const ahead = Readable.from(inPieces(bytes), { objectMode: false, highWaterMark: AHEAD_BYTES });
  // The reader throws an error of `bytes` when it gets to it. Until then the event needs a listener, or it would end the process.
  pipeline(ahead, zstd, () => {});
  return zstd;
}

/** Joins small chunks. Large ones pass as they are: to copy all bytes once more fills the memory, which then has to be swept more often. */
async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let small: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    small.push(chunk);
    length += chunk.length;
    if (length < PIECE_BYTES) continue;
    yield small.length === 1 ? chunk : Buffer.concat(small, length);
    small = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(small, length);
}
