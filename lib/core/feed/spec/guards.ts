import { z } from 'zod';
import { growth, share } from '../text-forms.ts';

const aRange = 'expected two percentages, the lower first, such as [-20%, +50%]';

/** Limits that hold a night. */
export const guards = z.strictObject({
  gone: share.prefault('5%').describe('Largest share of the base rows that may vanish.'),
  updated: share.prefault('30%').describe('Largest share of the base rows that may change.'),
  rejected: share.prefault('0.1%').describe('Largest share of the delivered rows that may be rejected.'),
  rows: z
    .tuple([growth, growth], { error: aRange })
    .refine(([lowest, highest]) => lowest <= highest, aRange)
    .prefault(['-20%', '+50%'])
    .describe('Smallest and largest growth of the row count.'),
  min_rows: z.int().min(0).default(1000).describe('Percentages are not judged while the base has fewer rows.'),
});
