/** Changes bytes on their way to landing. It may hold some back. */
export interface Transform {
  push(chunk: Buffer): Buffer;
  /** The bytes that were held back. Throws when the file is not whole. */
  finish(): Buffer;
  readonly notes: readonly string[];
}

export async function* through(stage: Transform, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const out = stage.push(chunk);
    if (out.length > 0) yield out;
  }
  const rest = stage.finish();
  if (rest.length > 0) yield rest;
}
