import type { Readable } from 'node:stream';

/** Characters of a line. What an engine or a report writes has a record of 2 MB at most, and a few of them in one answer. */
const MAX_LINE = 64 << 20;

/**
 * Lines of UTF-8 text, the last one too when nothing ends it. Node's readline also splits at U+2028, which JSON leaves in
 * texts. Throws a plain error for a line without end, because whoever writes it may be in the vendor's hands.
 */
export async function* linesOf(stream: Readable, most = MAX_LINE): AsyncGenerator<string> {
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const [first, ...others] = chunk.split('\n') as [string, ...string[]];
    begun.push(first);
    length += first.length;
    if (length > most) throw new Error(`a line has more than ${most} characters`);
    const last = others.pop();
    if (last === undefined) continue;
    yield begun.join('');
    yield* others;
    begun = [last];
    length = last.length;
  }
  if (length > 0) yield begun.join('');
}
