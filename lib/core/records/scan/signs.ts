import { z } from 'zod';
import { type Stored, storedCount } from '../../objects/stored.ts';
import { backslashesSchema } from './backslashes.ts';
import { swallowedSchema } from './swallowed.ts';

export const longestRecordSchema = z.object({
  /** Record end included. */
  bytes: storedCount,
  lines: storedCount,
});

export const signsSchema = z.object({
  longest: longestRecordSchema,
  swallowed: z.array(swallowedSchema),
  backslashes: backslashesSchema.nullable(),
});

/** Signs in a file's records that its writer meant other records than we read. */
export type Signs = Stored<typeof signsSchema>;
