/** Bytes on their way to landing, changed as they pass. What comes out may lag behind. */
export interface Transform {
  push(chunk: Buffer): Buffer;
  /** What was held back; may find that the file is not whole. */
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
