import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import { encodingOptions } from '../text/encoding-options.ts';

const lineBeside = matching(/^[^\r\n]+$/, 'expected a line');

const linesBeside = z.union([lineBeside, z.array(lineBeside).min(1).max(9)], {
  error: 'expected a line or a list of up to 9',
});

/** How the bytes of delimited text become fields. */
export const csvOptions = {
  delimiter: matching(/^[\t -~]$/, 'expected one ASCII character')
    .default(',')
    .describe('Character between two fields.'),
  quote: matching(/^[!-~]?$/, 'expected one ASCII character, or "" for none')
    .default('"')
    .describe('Character around a field that holds delimiters or line ends; doubled inside such a field. "" for none.'),
  header: z.boolean().default(true).describe('Whether each file starts with the column names.'),
  header_names: z
    .enum(['exact', 'lenient'])
    .optional()
    .describe('`lenient` takes names in other case or with other blanks, and notes it. Without it they must be exact.'),
  ...encodingOptions,
  null_values: z
    .array(matching(/^[^\r\n]*$/, 'expected text without line ends'), { error: 'expected a list of texts' })
    .default([''])
    .describe('Unquoted fields that mean null. With [] nothing is null.'),
  quoted_nulls: z.boolean().optional().describe('true: quoted fields too mean null when they hold a null value.'),
  leader: linesBeside
    .optional()
    .describe(
      'The first line of each file, or a list of the first lines, when they are not data, such as `"HDR|*"`: `*` is any text. A file that begins otherwise is refused. `{rows}` is as in `trailer`.',
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
      'Lines before header and data, and after the data, of which nothing more is known. A left-out line that reads like a row of the data is refused; `leader` and `trailer` say more, and prove more.',
    ),
  comment: matching(/^[^\r\n]{1,9}$/, 'expected 1 to 9 characters')
    .optional()
    .describe('Lines that begin so are left out, and counted; within quotes they are text.'),
  min_fields: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Records may end after so many fields or more; those that are missing are null. Without it such records are rejected.',
    ),
  trailer: linesBeside
    .optional()
    .describe(
      'The last line of each file, or a list of the last lines, when they are not data, such as `"TRL,{rows}"`: `{rows}` is the number of data records, `*` any text, but no digits where it is next to `{rows}`. `{rows+1}` is a number that counts another line too, such as the trailer itself; `{rows:,}` one with thousands marks. A file without the trailer, or with another number, is refused.',
    ),
  allow_missing_final_newline: z
    .boolean()
    .optional()
    .describe(
      'true: the last line end may be missing where a trailer, a size or checksum in a manifest, or the checksum of a gzip, zip or zstd file proves the file whole, and the last record has all its fields.',
    ),
  allow_mixed_record_ends: z
    .boolean()
    .optional()
    .describe('true: LF and CRLF may end records of one file. Otherwise such a file is refused.'),
  allow_trailing_delimiter: z
    .boolean()
    .optional()
    .describe('true: the data records of a file may all end with one delimiter too many. Otherwise they are rejected.'),
  reject_control_characters: z
    .boolean()
    .optional()
    .describe('true: rows with control characters other than tab and line ends are rejected.'),
};

export type CsvFormat = FormatOf<typeof csvOptions>;

/** One line, or several. */
export function listed(pattern: string | readonly string[]): readonly string[] {
  return typeof pattern === 'string' ? [pattern] : pattern;
}
