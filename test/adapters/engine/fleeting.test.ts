import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fleeting } from '../../../lib/adapters/engine/lockstep/fleeting.ts';

/** Of some blocks, which hold 128 KB each: where the compressed bytes come slowly, a buffer is filled bit by bit. */
const CHUNK_BYTES = 1 << 19;
const content = Buffer.from(randomBytes(CHUNK_BYTES * 5 + 1000).toString('hex'));
const compressed = zstdCompressSync(content);

/** As a part is read: compressed bytes come in pieces of any size. */
function decompressed(pieceBytes: number): AsyncIterable<Buffer<ArrayBuffer>> {
  const pieces = Array.from({ length: Math.ceil(compressed.length / pieceBytes) }, (_, index) =>
    compressed.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return Readable.from(pieces).pipe(createZstdDecompress({ chunkSize: CHUNK_BYTES }));
}

test.each([100, 5000, CHUNK_BYTES, 1 << 20])(
  'pieces of %i bytes: every byte is there while its chunk is read',
  async (pieceBytes) => {
    const read: Buffer[] = [];
    let last: Buffer | undefined;
    for await (const chunk of fleeting(decompressed(pieceBytes))) {
      // The reader takes a chunk in while the next one is under way.
      if (last) read.push(Buffer.from(last));
      last = chunk;
    }
    read.push(Buffer.from(last!));

    expect(Buffer.concat(read).equals(content)).toBe(true);
  },
);

test('of the buffers that are through, none waits for the collector', async () => {
  const seen: Buffer[] = [];
  for await (const chunk of fleeting(decompressed(1 << 20))) seen.push(chunk);

  const kept = seen.filter((chunk) => chunk.length > 0);
  expect(seen.length).toBeGreaterThan(8);
  expect(kept.length).toBeLessThanOrEqual(2);
});
