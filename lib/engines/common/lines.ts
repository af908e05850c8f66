import type { Readable } from 'node:stream';

/** Lines of UTF-8 text, the last one too when nothing ends it. Node's readline also splits at U+2028, which JSON leaves in texts. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
