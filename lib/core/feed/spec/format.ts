import { z } from 'zod';
import { matching } from '../text-forms.ts';

/** How the bytes of a file become fields. */
export const format = z.strictObject({
  type: z.enum(['csv']).default('csv').describe('Kind of file.'),
  delimiter: matching(/^[\t -~]$/, 'expected one ASCII character')
    .default(',')
    .describe('Character between two fields.'),
  quote: matching(/^[!-~]?$/, 'expected one ASCII character, or "" for none')
    .default('"')
    .describe('Character around a field that holds delimiters or line ends; doubled inside such a field. "" for none.'),
  header: z.boolean().default(true).describe('Whether each file starts with the column names.'),
  encoding: z.enum(['utf-8']).default('utf-8').describe('How text is stored; anything else in a file is refused.'),
  null_values: z
    .array(matching(/^[^\r\n]*$/, 'expected text without line ends'), { error: 'expected a list of texts' })
    .default([''])
    .describe('Unquoted fields that mean null. With [] nothing is null.'),
});
