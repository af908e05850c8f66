import type { Readable } from 'node:stream';

/** Characters of a line. A line of an engine or a report has a few records at most, each of 2 MB or less. */
const MAX_LINE = 64 << 20;

/**
 * Lines of UTF-8 text; the last one may lack its line end. Node's readline is not used, because it also splits at U+2028, which JSON texts
 * may contain. Throws a plain error for a line that is too long, because a process that reads a vendor's bytes may write without end.
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
