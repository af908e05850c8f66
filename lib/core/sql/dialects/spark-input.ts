import { z } from 'zod';
import { type Stored, storedByName, storedTexts } from '../../objects/stored.ts';

export const sparkInputSchema = z.object({
  name: z.string(),
  format: z.enum(['csv', 'json', 'parquet']),
  schema: z.string().exactOptional(),
  options: storedByName(z.string()),
  /** Columns as expressions over the file's columns. */
  columns: storedTexts,
  files: storedTexts,
});

/** Files that Spark reads as a view. */
export type SparkInput = Stored<typeof sparkInputSchema>;
