import { z } from 'zod';
import { newestMeaning } from '../expression/meaning.ts';
import { storedName, storedTexts, storedVersion } from '../objects/stored.ts';
import type { Rule } from './rules/rule.ts';
import { ruleKinds } from './spec/rules.ts';
import { type ColumnType, isColumnType } from './values/column-type.ts';
import type { Language } from './values/spelling/calendar-names.ts';

export const storedColumnType = z
  .string()
  .refine((text): text is ColumnType => isColumnType(text as ColumnType), 'expected a column type');

export const readingColumnSchema = z.object({
  name: z.string(),
  key: z.boolean(),
  required: z.boolean(),
  type: storedColumnType,
  as: z.string().optional(),
  from: z.union([z.string(), z.object({ name: z.string(), nth: z.number() })]).optional(),
  may_be_absent: z.boolean().optional(),
  trim: z.boolean().optional(),
  replace: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
  nulls: storedTexts.optional(),
  date_format: z.string().optional(),
  scale: z.enum(['exact', 'round']).optional(),
  true_words: storedTexts.optional(),
  false_words: storedTexts.optional(),
  odd_times: z.enum(['reject', 'roll']).optional(),
  values: storedTexts.optional(),
  bytes: z.enum(['hex', 'base64']).optional(),
  separator: z.string().optional(),
  decimal: z.enum(['.', ',']).optional(),
  thousands: z.string().optional(),
  grouping: z.enum(['thousands', 'indian']).optional(),
  percent: z.enum(['number', 'fraction']).optional(),
  currency: storedTexts.optional(),
  negative: z.enum(['behind', 'parentheses']).optional(),
  pivot: z.number().optional(),
  months: z.union([storedName<Language>(), z.array(storedTexts)]).optional(),
  weekdays: z.union([storedName<Language>(), z.array(storedTexts)]).optional(),
  epoch: z.enum(['s', 'ms', 'us']).optional(),
  timezone: z
    .object({
      zone: z.string(),
      gap: z.enum(['reject', 'later']),
      double: z.enum(['reject', 'earlier', 'later']),
      clock: storedTexts,
    })
    .optional(),
});

const rule: z.ZodType<Rule> = z.object({
  name: z.string(),
  column: z.string().nullable(),
  kind: z.enum(ruleKinds),
  value: storedTexts,
  on_fail: z.enum(['warn', 'reject_row', 'hold', 'refuse']),
});

export const readingSpecSchema = z.object({
  /** How the records stand in landing. */
  format: z.object({
    delimiter: z.string(),
    quote: z.string(),
    null_values: storedTexts,
    quoted_nulls: z.boolean().optional(),
    reject_control_characters: z.boolean().optional(),
  }),
  /** The format of the files, where it is another; absent where they are record text already. */
  delivered: z.looseObject({ type: z.string() }).optional(),
  /** The columns of the table, then those that are only read. */
  columns: z.array(readingColumnSchema),
  /** Conditions as the feed file writes them. */
  drop_row_when: storedTexts.optional(),
  where: z.string().optional(),
  rules: z.array(rule).optional(),
  /** Rows have no key, so their contents tell them apart. */
  key: z.literal('none').optional(),
  /** Records of one key are versions; the one with the greatest value in this column counts. */
  newest: z.string().optional(),
  /** Version of the meaning of its expressions; absent for the first one. */
  meaning: storedVersion(newestMeaning).optional(),
});
