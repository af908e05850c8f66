import { z } from 'zod';

/** How the lake stores a table. */
export const tableLake = z.strictObject({
  partition_by: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Stored columns of few values; rows with the same values in them have files of their own, so that a query for some reads no others.',
    ),
  raw: z
    .enum(['keep', 'drop'])
    .optional()
    .describe(
      'What becomes of the bytes of files that landing converts: `keep` (the default) keeps a compressed copy, so that quarantined rows can be read again under other format options, and have their lines in the files told; `drop` keeps none. Plain delimited text needs no copy, be it UTF-8 or in an encoding with a byte for each character.',
    ),
});

/** Names of the columns that stand in folder names of `current/`. Engines that know Hive's folders show them as columns. */
export const deliveryColumns = ['nightfeed_date', 'nightfeed_revision'] as const;
