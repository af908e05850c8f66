import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createZstdDecompress, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { wellFormedBytes } from '../../lib/engines/lockstep/stream.ts';
import { transferredBuffers } from '../../lib/engines/lockstep/transferred-buffers.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

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
    const read = await inTurns(transferredBuffers(decompressed(pieceBytes)));

    expect(read.equals(content)).toBe(true);
  },
);

test('of the buffers that are through, none waits for the collector', async () => {
  const seen: Buffer[] = [];
  for await (const chunk of transferredBuffers(decompressed(1 << 20))) seen.push(chunk);

  const kept = seen.filter((chunk) => chunk.length > 0);
  expect(seen.length).toBeGreaterThan(8);
  expect(kept.length).toBeLessThanOrEqual(2);
});

test('dropped records may be longer than a chunk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-fleeting-'));
  try {
    const store = folderStore(folder);
    const bytes = Buffer.concat(Array.from({ length: 12 }, () => content));
    await store.write('part', Readable.from([zstdCompressSync(bytes)]));
    const part = { key: 'part', rows: 3, bytes: bytes.length };
    const [offset, length] = [1_000_000, 9_000_000];
    const drops = new Map([[0, [{ part: 0, index: 1, offset, length }]]]);

    const file = { header: ['x'], recordEnd: '\n', parts: [part], lines: true, keys: null } as const;

    const read = await inTurns(wellFormedBytes(store, [file], drops));

    const kept = Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + length)]);
    expect(read.equals(kept)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** As a walk reads: a chunk is taken in while the next one is under way. */
async function inTurns(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Buffer[] = [];
  let last: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (last) read.push(Buffer.from(last));
    last = chunk;
  }
  return Buffer.concat([...read, Buffer.from(last!)]);
}
