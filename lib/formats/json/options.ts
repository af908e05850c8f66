import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { otherEncodingOptions } from '../text/encoding-options.ts';

const step = z.union([z.string(), z.int().min(0)]);

const path = z.array(step, { error: 'expected a list of names and positions' }).min(2).max(20);

/** How objects become fields. */
const objectOptions = {
  fields: z
    .record(z.string(), path)
    .optional()
    .describe(
      'Values within nested ones as columns: `{city: [address, city], first_tag: [tags, 0]}`. A position in an array counts from 0; what lies beyond its end is null. The nested value that a path begins with is declared by it.',
    ),
  json_strings: z
    .enum(['value', 'text'])
    .optional()
    .describe(
      'What a string is for a column of type json or jsonb: `value` is that string, so that `"12"` stays a string; with `text` it holds JSON, so that `"12"` is a number. Without it, a string that holds an object or a list is read as that, and a row with any other string is rejected, because nobody can tell.',
    ),
  ...otherEncodingOptions,
};

export const ndjsonOptions = objectOptions;

export const jsonOptions = {
  records: z
    .array(z.string(), { error: 'expected a list of names' })
    .min(1)
    .max(20)
    .optional()
    .describe(
      'Names that lead to the array of records within the document, such as `[data, items]`. Without it the document is the array.',
    ),
  ...objectOptions,
};

export type NdjsonFormat = FormatOf<typeof ndjsonOptions>;
export type JsonFormat = FormatOf<typeof jsonOptions>;
