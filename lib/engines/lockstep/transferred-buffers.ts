/**
 * The same chunks of a decompressor, or pieces of them in order. Their buffers are given back as soon as the next chunk but one
 * is asked for, so the reader must be through with it by then. Left to the collector, some 100 MB lie about, and it takes a
 * fifth of the time of a walk: V8 counts them as pressure and looks through the whole heap for each 20 MB.
 *
 * A buffer that a chunk does not fill to its end goes on being filled, or somebody else has the rest of it: only a chunk that
 * ends with its buffer ends it, and not where that may be the pool of all small buffers. Of others the collector takes care.
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
