import { z } from 'zod';
import { matching } from '../values/text-forms.ts';

/** What a rule can demand. */
export const ruleKinds = ['required', 'min', 'max', 'pattern', 'in', 'check', 'unique', 'references'] as const;
export type RuleKind = (typeof ruleKinds)[number];

const value = z.union([z.string(), z.number()], { error: 'expected a value of the column' });

const onFail = z
  .enum(['warn', 'reject_row', 'hold', 'refuse'])
  .optional()
  .describe(
    'What happens when a row breaks a rule that stands beside it: a warning, the row is rejected (without it), the night is held, the delivery is refused.',
  );

const check = z
  .string({ error: 'expected a condition' })
  .optional()
  .describe('Condition as in SQL that must not be false. See rules.md.');

const questions = {
  min: value.optional().describe('The smallest value that is allowed.'),
  max: value.optional().describe('The largest value that is allowed.'),
  pattern: z
    .string({ error: 'expected a pattern' })
    .optional()
    .describe('Regular expression that the whole text must fit. See rules.md for what it may hold.'),
  in: z
    .array(z.union([z.string(), z.number(), z.boolean()]), { error: 'expected a list of values' })
    .min(1)
    .optional()
    .describe('The values that are allowed.'),
  check,
  unique: z.boolean().optional().describe('true: no two rows may have the same value; null is no value.'),
  references: matching(/^[a-z][a-z0-9_]*\..+$/, 'expected table.column of the same feed')
    .optional()
    .describe('`table.column` of the same feed, in which the value has to be tonight; null may be anywhere.'),
};

/** One or several demands, and what happens to a row that breaks them. */
const columnRule = z.strictObject({
  required: z.literal(true).optional().describe('The value must not be null.'),
  ...questions,
  on_fail: onFail,
});

/** Rules of a column: short ones among its other options, longer ones in a list. */
export const columnRules = {
  ...questions,
  on_fail: onFail,
  rules: z.array(columnRule).optional().describe('More rules; each may have an on_fail of its own.'),
};

/** Rules of a whole table. */
export const tableRules = z.array(
  z.strictObject({
    name: z.string().min(1).optional().describe('What messages call the rule.'),
    check,
    unique: z
      .array(z.string(), { error: 'expected a list of columns' })
      .min(1)
      .optional()
      .describe('Columns that no two rows may have alike; a row with a null in one of them has nothing alike.'),
    on_fail: onFail,
  }),
);

export type RuleOptions = { readonly on_fail?: z.output<typeof onFail> } & {
  readonly [kind in RuleKind]?: unknown;
};
