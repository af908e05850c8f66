import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of buffers that may wait for the collector. */
const LITTER_BYTES = 16_000_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;

/**
 * The same chunks, whose memory is given back soon after they were used. V8 counts buffers only as pressure from outside
 * and lets some 100 MB of them lie, which is more than all else that a walk needs; a young collection takes a millisecond.
 */
export async function* tidily<Chunk extends Uint8Array>(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  let litter = 0;
  for await (const chunk of chunks) {
    yield chunk;
    litter += chunk.length;
    if (litter < LITTER_BYTES) continue;
    litter = 0;
    collect({ type: 'minor' });
  }
}
