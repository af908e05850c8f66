import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import { encodingOptions } from '../text/encoding-options.ts';
import { lineOptions } from '../text/line-options.ts';

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
