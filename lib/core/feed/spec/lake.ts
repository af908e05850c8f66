import { z } from 'zod';

/** How the lake stores a table for people who query it there. */
export const tableLake = z.strictObject({
  partition_by: z
    .array(z.string())
    .min(1)
    .describe(
      'Stored columns of few values; rows with the same values in them have files of their own, so that a query for some reads no others.',
    ),
});

/** Names of the columns that stand in folder names of `current/`. Engines that know Hive's folders show them as columns. */
export const deliveryColumns = ['nightfeed_date', 'nightfeed_revision'] as const;
