import { z } from 'zod';
import type { ColumnType } from '../values/column-type.ts';
import { groupMarks, type NumberOptions } from '../values/spelling/number-spelling.ts';
import { isWhole, traitsOf } from '../values/type-traits.ts';

const aMark = `expected one of ".", ",", "'", " " and "_"`;
const aSymbol =
  'expected symbols of up to 10 characters without digits, signs, parentheses and blanks at their ends, such as "€"';
const symbolPattern = /^[^0-9+()\s-]([^0-9+()-]*[^0-9+()\s-])?$/u;
const symbol = z
  .string({ error: aSymbol })
  .refine((text) => text === '' || (text.length <= 10 && symbolPattern.test(text)), { error: aSymbol, abort: true });

/** How a vendor writes the numbers of a column. */
export const numberForms = {
  decimal: z
    .enum(['.', ','], { error: 'expected "." or ","' })
    .optional()
    .describe('The decimal mark of numbers, where it is no point.'),
  thousands: z
    .string({ error: aMark })
    .refine((mark) => mark.length === 1 && groupMarks.some((each) => each.includes(mark)), aMark)
    .optional()
    .describe(
      'The mark between groups of three digits, which a number may also leave out: `1.234,50` with `decimal: ","` and `thousands: "."`. A group of another length rejects the row. `\'` is `’` too, and a blank may be a non-breaking one, wide or narrow.',
    ),
  grouping: z
    .enum(['thousands', 'indian'])
    .optional()
    .describe('`indian`: groups of two digits before the last three, such as `1,23,456`.'),
  percent: z
    .enum(['number', 'fraction'])
    .optional()
    .describe('Every number has `%` behind it. `number`: `12.5 %` is 12.5; `fraction`: it is 0.125.'),
  currency: z
    .union([symbol, z.array(symbol).min(1)], { error: `${aSymbol}, or a list of them` })
    .transform((written) => (typeof written === 'string' ? [written] : written))
    .optional()
    .describe(
      'Every number has this symbol before or behind it, such as `€`. A list has all spellings of one currency, such as [€, EUR]; `""` in it: a number may also stand alone. Another symbol rejects the row.',
    ),
  negative: z
    .enum(['behind', 'parentheses'])
    .optional()
    .describe('Another sign of negative numbers beside `-` before them. `behind`: `12.50-`; `parentheses`: `(12.50)`.'),
};

type Forms = z.output<z.ZodObject<typeof numberForms>>;
interface Complaint {
  readonly option: keyof Forms;
  readonly message: string;
}

const isNumber = (type: ColumnType) => traitsOf(type).number !== undefined;

export const numberTypes: Readonly<Record<keyof Forms, (type: ColumnType) => boolean>> = {
  decimal: (type) => isNumber(type) && !isWhole(type),
  thousands: isNumber,
  grouping: isNumber,
  percent: isNumber,
  currency: isNumber,
  negative: isNumber,
};

/** Says which options of a number contradict each other, and why. */
export function contradiction(options: NumberOptions & { readonly type: ColumnType }): Complaint | undefined {
  const { type, decimal, thousands, grouping, percent, currency } = options;
  if (thousands !== undefined && !isWhole(type) && thousands === (decimal ?? '.'))
    return {
      option: 'thousands',
      message: `${JSON.stringify(thousands)} is the decimal mark already; say decimal: ${thousands === '.' ? '","' : '"."'} beside it`,
    };
  if (grouping === 'indian' && thousands === undefined)
    return { option: 'grouping', message: 'say thousands: "," beside it, the mark between the groups' };
  if (percent !== undefined && currency !== undefined)
    return { option: 'percent', message: 'percent and currency do not go together' };
  if (percent === 'fraction' && isWhole(type))
    return {
      option: 'percent',
      message: `the fractions are no whole numbers; give the column a decimal type, or say percent: number`,
    };
  if (currency?.every((symbol) => symbol === '')) return { option: 'currency', message: 'expected a symbol beside ""' };
  return undefined;
}
