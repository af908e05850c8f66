import { z } from 'zod';
import { excerpt } from '../../shown-text.ts';
import type { ColumnType } from '../values/column-type.ts';
import { isOneOf, momentContradiction, momentForms, momentTypes } from './moment-forms.ts';
import { contradiction, numberForms, numberTypes } from './number-forms.ts';

const words = z.array(z.string().min(1), { error: 'expected a list of texts' }).min(1);

/** Ways to write the fields of a column that differ from the plain one. */
export const valueForms = {
  ...momentForms,
  scale: z
    .enum(['exact', 'round'])
    .optional()
    .describe(
      '`round`: a decimal with too many digits is rounded, half away from zero. Without it the row is rejected.',
    ),
  true_words: words.optional().describe('Exactly these texts are true in a boolean, instead of true, t and 1.'),
  false_words: words.optional().describe('Exactly these texts are false in a boolean, instead of false, f and 0.'),
  odd_times: z
    .enum(['reject', 'roll'])
    .optional()
    .describe(
      '`roll`: 24:00:00 is the next midnight and second 60 the next minute. Without it such rows are rejected.',
    ),
  values: z
    .array(z.string(), { error: 'expected a list of texts' })
    .min(1)
    .optional()
    .describe(
      "All texts that an enum may have, in the order of PostgreSQL's type; a row with another one is rejected. Capitals count.",
    ),
  bytes: z
    .enum(['hex', 'base64'])
    .optional()
    .describe(
      'How a bytea is written: `hex` is digits with or without `\\x` or `0x` before them, `base64` has its `=` at the end and no line ends. Without it, it is written as PostgreSQL does: `\\x` and digits.',
    ),
  separator: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What stands between the elements of an array, such as `|` in `a|b|c`. An empty text is an array without elements, and a row with an empty element is rejected. Without it, arrays are written as PostgreSQL prints them, or as JSON.',
    ),
  ...numberForms,
};

type Forms = z.output<z.ZodObject<typeof valueForms>>;

/** Of a value of an enum. */
const MAX_ENUM_BYTES = 63;

/** Says which form does not fit the type, and why. */
export function unfit(
  column: Forms & { readonly type: ColumnType; readonly as?: string | undefined },
): { option: keyof Forms; message: string } | undefined {
  const types = {
    ...momentTypes,
    scale: isOneOf('decimal'),
    odd_times: isOneOf('timestamp', 'timestamptz'),
    true_words: isOneOf('boolean'),
    false_words: isOneOf('boolean'),
    values: isOneOf('enum'),
    bytes: isOneOf('bytea'),
    separator: isOneOf('array'),
    ...numberTypes,
  };
  for (const option of Object.keys(types) as (keyof Forms)[]) {
    if (column[option] !== undefined && !types[option](column.type))
      return { option, message: `this is not for ${column.type}` };
  }
  const unclear = contradiction(column) ?? momentContradiction(column);
  if (unclear) return unclear;
  if (isOneOf('enum')(column.type) && column.values === undefined && column.as === undefined)
    return { option: 'values', message: 'an enum needs the list of its values' };
  const long = column.values?.find((value) => Buffer.byteLength(value) > MAX_ENUM_BYTES);
  if (long !== undefined)
    return { option: 'values', message: `${excerpt(long)} is longer than PostgreSQL's ${MAX_ENUM_BYTES} bytes` };
  const { true_words: yes, false_words: no } = column;
  if ((yes === undefined) !== (no === undefined))
    return { option: yes ? 'true_words' : 'false_words', message: 'true_words and false_words go together' };
  const both = yes?.find((word) => no?.includes(word));
  return both === undefined
    ? undefined
    : { option: 'false_words', message: `${JSON.stringify(both)} cannot mean both` };
}
