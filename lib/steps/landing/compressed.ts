import { pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress } from 'node:zlib';

/** Scanned bytes that may wait for the compressor. */
const AHEAD_BYTES = 4 << 20;

/** Size of an output buffer. Each time one is full the compressor waits until the scan pauses, so it should have room for a compressed chunk. */
const COMPRESSED_BYTES = 256 << 10;

/** Compression level 1: this thread limits the speed of a night, and higher levels cost more time than the space is worth. */
export function compressed(bytes: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
  const zstd = createZstdCompress({
    chunkSize: COMPRESSED_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  // Reads ahead, so that scan and compression overlap.
  const ahead = Readable.from(bytes, { objectMode: false, highWaterMark: AHEAD_BYTES });
  // The reader throws an error of `bytes` when it gets to it. Until then the event needs a listener, or it would end the process.
  pipeline(ahead, asOne, zstd, () => {});
  return zstd;
}

/** A stream that is read explicitly returns all it has buffered. Larger chunks are better, because each compressed chunk interrupts the scan. */
async function* asOne(ahead: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* ahead;
}
