import { z } from 'zod';
import type { FormatComplaint, FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import { LinePattern } from './beside/line-pattern.ts';

const lineBeside = matching(/^[^\r\n]+$/, 'expected a line');

const linesBeside = z.union([lineBeside, z.array(lineBeside).min(1).max(9)], {
  error: 'expected a line or a list of up to 9',
});

/** What a format whose records are lines says of the lines that are none, and of line ends. */
export const lineOptions = {
  leader: linesBeside
    .optional()
    .describe(
      'The first line of each file, or a list of the first lines, when they are not data, such as `"HDR|*"`: `*` is any text. A file that begins otherwise is refused. `{rows}` is as in `trailer`, and so is what happens to a row that fits.',
    ),
  skip: z
    .strictObject({
      head: z.int().min(1).max(100).optional().describe('So many first lines of each file are left out.'),
      until: lineBeside
        .optional()
        .describe(
          'All lines before the first that is as this says are left out, such as `"id;name;*"`: `*` is any text.',
        ),
      tail: z
        .int()
        .min(1)
        .max(100)
        .optional()
        .describe('So many last lines of each file are left out, not counting blank ones.'),
    })
    .optional()
    .describe(
      'Lines before header and data, and after the data, of which nothing more is known. A left-out line that reads like a row, or like one that came damaged, is refused: it has a key, or where keys are any text, the delimiter. `leader` and `trailer` say more, and prove more.',
    ),
  comment: matching(/^[^\r\n]{1,9}$/, 'expected 1 to 9 characters')
    .optional()
    .describe(
      'Lines that begin so are left out, and counted; within quotes they are text. A note shows one that reads as a whole row of several columns. The lines of `trailer` and `skip.tail` are the last ones of the file, comments among them.',
    ),
  trailer: linesBeside
    .optional()
    .describe(
      'The last line of each file, or a list of the last lines, when they are not data, such as `"TRL,{rows}"`: `{rows}` is the number of data records, `*` any text, but no digits where it is next to `{rows}`. `{rows+1}` is a number that counts another line too, such as the trailer itself; `{rows:,}` one with thousands marks. A file without the trailer, or with another number, is refused, and so is one whose last row fits a pattern with `*`: let the pattern say all up to the delimiter behind the key, as `"Total;*"` does.',
    ),
  allow_missing_final_newline: z
    .boolean()
    .optional()
    .describe(
      'true: the last line end may be missing where a trailer, a size or checksum in a manifest, or the checksum of a compressed file proves the file whole, and the last record has all its fields.',
    ),
  allow_mixed_record_ends: z
    .boolean()
    .optional()
    .describe('true: LF and CRLF may end records of one file. Otherwise such a file is refused.'),
};

export type LineFormat = FormatOf<typeof lineOptions>;

/** What cannot be said together of the lines beside the data. */
export function* lineComplaints({ leader, skip, trailer }: LineFormat): Generator<FormatComplaint> {
  const patterns = { leader, trailer, 'skip.until': skip?.until };
  for (const [name, pattern] of Object.entries(patterns)) {
    for (const each of listed(pattern ?? [])) {
      const fault = LinePattern.faultOf(each);
      if (fault) yield { message: fault, path: ['format', ...name.split('.')] };
    }
  }
  if (skip && Object.keys(skip).length === 0)
    yield { message: 'expected head, until or tail', path: ['format', 'skip'] };
  if (skip?.head !== undefined && skip.until !== undefined)
    yield { message: 'until finds its line itself: leave head out', path: ['format', 'skip', 'head'] };
  if (skip?.head !== undefined && leader !== undefined)
    yield { message: 'leader says the first lines: leave head out', path: ['format', 'skip', 'head'] };
  if (skip?.tail !== undefined && trailer !== undefined)
    yield { message: 'trailer says the last lines: leave tail out', path: ['format', 'skip', 'tail'] };
}

/** One line, or several. */
export function listed(pattern: string | readonly string[]): readonly string[] {
  return typeof pattern === 'string' ? [pattern] : pattern;
}
