import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { NightfeedError } from '../../core/errors.ts';
import { damaged } from '../../core/run/sealed.ts';
import type { Store } from '../../ports/store.ts';

/** The content of a zstd-compressed object. Throws OBJECT_MISSING and OBJECT_DAMAGED. */
export async function* unpackedObject(key: string, store: Pick<Store, 'read'>): AsyncGenerator<Buffer> {
  const bytes = createZstdDecompress({ chunkSize: 1 << 20 });
  // An error is thrown when the reader gets to it. A reader that stops early ends the source.
  pipeline(store.read(key), bytes, () => {});
  try {
    yield* bytes as AsyncIterable<Buffer>;
  } catch (thrown) {
    throw thrown instanceof NightfeedError ? thrown : damaged(key, thrown);
  }
}
