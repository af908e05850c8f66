import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { everyName } from '../../core/feed/spec/every-name.ts';
import { matching } from '../../core/feed/values/text-forms.ts';
import { encodingOptions } from '../text/encoding-options.ts';
import { lineOptions } from '../text/line-options.ts';

/** Longer records could not land anyway. */
const MAX_UNITS = 1_000_000;
const units = () => z.int().min(1).max(MAX_UNITS);

/** How the places of a record become fields. */
export const fixedWidthOptions = {
  fields: everyName(
    z.string(),
    z.strictObject({
      start: units().describe('Place of its first character; the first one of a record is 1.'),
      length: units().describe('Number of its characters.'),
    }),
  ).describe(
    'Where each field stands, by the name that a column has or takes with `from`. What stands between fields is not read.',
  ),
  unit: z
    .enum(['characters', 'bytes'])
    .default('characters')
    .describe('What `start` and every length count: characters, or bytes of the file as it was sent.'),
  record_end: z
    .enum(['line', 'none'])
    .default('line')
    .describe('`none`: records follow one another without line ends, each as long as the others.'),
  record_length: units()
    .optional()
    .describe('Length of a record without its line end, where more follows behind the last field.'),
  min_length: z
    .int()
    .min(1)
    .max(MAX_UNITS)
    .optional()
    .describe(
      'Lines may end after so many characters or more, as where blanks at their end are cut off; what is missing reads as blanks. Without it such records are rejected.',
    ),
  trim: z
    .enum(['right', 'both', 'none'])
    .default('right')
    .describe(
      'On which sides of a field blanks are filling. Behind a text they always are; before it they may be part of the text, so numbers that stand at the right need `both`.',
    ),
  header: z
    .boolean()
    .default(false)
    .describe('true: each file starts with the names of the fields, at their places and cut to their lengths.'),
  ...encodingOptions,
  null_values: z
    .array(matching(/^[^\r\n]*$/, 'expected text without line ends'), { error: 'expected a list of texts' })
    .default([''])
    .describe('Fields that mean null, after `trim`; "" is a field of blanks alone. With [] nothing is null.'),
  ...lineOptions,
  allow_overlap: z
    .boolean()
    .optional()
    .describe('true: fields may stand on the same places. Otherwise that is taken for a mistake.'),
  allow_tabs: z
    .boolean()
    .optional()
    .describe(
      'true: a tab is one character of a field. Otherwise its record is rejected: tabs mostly stand for blanks, and everything behind them has moved.',
    ),
};

export type FixedWidthFormat = FormatOf<typeof fixedWidthOptions>;
