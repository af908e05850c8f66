import { NightfeedError } from '../../../core/errors.ts';
import { unreadable } from './entry.ts';

/** Characters of a line: more than the longest name of any file system, with rights, owner, size and time before it. */
const MAX_LINE = 4096;
/** The most bytes of a character in UTF-8. */
const CHARACTER_BYTES = 4;

const LINE_FEED = 10;

/**
 * The lines of a listing that are not blank, one by one as they arrive. Throws SOURCE_SHORT when the listing was cut, and
 * LISTING_UNREADABLE when a line is too long.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, begin)) {
      const line = textOf(bytes.subarray(begin, end));
      if (line.trim() !== '') yield line;
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
    if (rest.length > MAX_LINE * CHARACTER_BYTES) textOf(rest);
  }
  if (rest.length > 0)
    throw new NightfeedError('SOURCE_SHORT', 'the listing of the folder ended in the middle of a line');
}

function textOf(bytes: Buffer): string {
  const line = bytes.toString().replace(/\r$/, '');
  if (line.length > MAX_LINE) throw unreadable(line, `a line of the listing has more than ${MAX_LINE} characters`);
  return line;
}
