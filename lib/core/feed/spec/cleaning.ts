import { z } from 'zod';

const aReplacement = 'expected texts by the text that they replace, none of them empty';

/** What is done to a field's text before anything else looks at it: trim, replace, nulls, in this order. */
export const cleaning = {
  trim: z.boolean().optional().describe('true: blanks at both ends of the text are taken away.'),
  replace: z
    .record(z.string(), z.string(), { error: aReplacement })
    .refine((pairs) => Object.keys(pairs).every((from) => from !== ''), aReplacement)
    .transform((pairs) => Object.entries(pairs).map(([from, to]) => ({ from, to })))
    .optional()
    .describe('Texts by the text that they replace wherever it stands in the field, one after the other.'),
  nulls: z
    .array(z.string(), { error: 'expected a list of texts' })
    .optional()
    .describe('Whole fields that mean null, quoted or not, such as [NaN, N/A].'),
};

/** The same options for all columns of a table. What a column says itself comes first. */
export const tableCleaning = z.strictObject(cleaning);
