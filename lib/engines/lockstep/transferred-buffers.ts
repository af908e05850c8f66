/**
 * Passes on the chunks of a decompressor, or pieces of them in order. It frees the buffer of a chunk when the reader asks for the next
 * but one; the reader must have finished with the chunk by then. If the garbage collector freed them, about 100 MB would be waiting for it,
 * and it would take a fifth of the diff's time: V8 searches the whole heap for each 20 MB of buffers.
 *
 * A buffer is freed only with the chunk that ends where the buffer ends, because before that the decompressor still fills it, or other
 * code uses the rest. It is not freed either when it may be Node's shared pool of small buffers. The collector frees all others.
 */
export async function* transferredBuffers(
  chunks: AsyncIterable<Buffer<ArrayBuffer>>,
): AsyncGenerator<Buffer<ArrayBuffer>> {
  let before: Buffer<ArrayBuffer> | undefined;
  for await (const chunk of chunks) {
    yield chunk;
    if (before && endsItsBuffer(before)) before.buffer.transfer(0);
    before = chunk;
  }
}

function endsItsBuffer({ buffer, byteOffset, length }: Buffer<ArrayBuffer>): boolean {
  return buffer.byteLength > Buffer.poolSize && byteOffset + length === buffer.byteLength;
}
