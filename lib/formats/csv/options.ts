import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import { encodingOptions } from '../text/encoding-options.ts';
import { lineOptions } from '../text/line-options.ts';

/** How the bytes of delimited text become fields. */
export const csvOptions = {
  delimiter: matching(/^[^\0\r\n]{1,9}$/, 'expected 1 to 9 characters')
    .default(',')
    .describe('Between two fields: a character, or several such as `"~|~"`. `"\\x01"` is a control character.'),
  quote: matching(/^[!-~]?$/, 'expected one ASCII character, or "" for none')
    .default('"')
    .describe('Character around a field that holds delimiters or line ends; doubled inside such a field. "" for none.'),
  quotes: z
    .enum(['lazy'])
    .optional()
    .describe(
      '`lazy`: a quote within a field is text where the field can be read in one way only, as in `27" wide` and `"The "Big" one"`; a note counts such fields. Others are rejected. Without it quotes within a field are doubled.',
    ),
  blanks_around_quotes: z
    .boolean()
    .optional()
    .describe(
      'true: blanks and tabs may stand before and after a quoted field, as in `1, "a" ,2`. Otherwise such records are rejected.',
    ),
  escape: matching(/^([!-~]|mysql|copy)$/, 'expected one ASCII character, mysql or copy')
    .optional()
    .describe(
      'Character that makes text of a delimiter, quote, line end or itself after it, such as `"\\\\"`. `mysql` is the backslash of SELECT … INTO OUTFILE, where `\\n` is a line end and so on; `copy` that of PostgreSQL\'s COPY as text, whose data a line `\\.` may end. An escape that means nothing makes its record a reject.',
    ),
  record_end: matching(/^[^\0]{1,9}$/, 'expected 1 to 9 characters')
    .optional()
    .describe(
      'What ends a record, where a line end does not, such as `"\\x1e"` or `"\\x02\\n"`; line ends are text then. `"\\n"`: only LF ends records, and CR is text. Without it LF, CRLF or CR, whatever ends the first one.',
    ),
  header: z.boolean().default(true).describe('Whether each file starts with the column names.'),
  header_names: z
    .enum(['exact', 'lenient'])
    .optional()
    .describe('`lenient` takes names in other case or with other blanks, and notes it. Without it they must be exact.'),
  ...encodingOptions,
  null_values: z
    .array(matching(/^[^\r\n]*$/, 'expected text without line ends'), { error: 'expected a list of texts' })
    .default([''])
    .describe(
      'Unquoted fields that mean null, as they stand in the file: `"\\\\N"` is a backslash and an N. With [] nothing is null.',
    ),
  quoted_nulls: z.boolean().optional().describe('true: quoted fields too mean null when they hold a null value.'),
  ...lineOptions,
  min_fields: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Records may end after so many fields or more; those that are missing are null. Without it such records are rejected.',
    ),
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
