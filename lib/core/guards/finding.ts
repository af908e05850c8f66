import { z } from 'zod';
import { type Stored, storedName, storedTexts } from '../objects/stored.ts';
import { baselineSchema } from './baseline.ts';
import type { GuardName } from './guard-names.ts';

export const findingSchema = z.object({
  table: z.string().nullable(),
  guard: storedName<GuardName>(),
  /** Name of the column, or the names that the vendor sent, safe to be shown. */
  column: z.string().exactOptional(),
  /** Name of the feed file's rule that rows break. */
  rule: z.string().exactOptional(),
  /** The database object that it concerns, named as the feed file accepts it. */
  object: z.string().exactOptional(),
  /** Place in the delivery, safe to be shown. */
  place: z.string().exactOptional(),
  value: z.number(),
  limit: z.number(),
  unit: z.enum(['share', 'minutes', 'count', 'bytes']),
  /** Where the limit comes from: `fixed` (the default) is the feed file, `learned` the nights before. */
  basis: z.enum(['fixed', 'learned']).exactOptional(),
  /** The baseline of that night, so that a decision can still be explained in a year. */
  usual: baselineSchema.exactOptional(),
  /** The option that would let such a night in, when the feed file does not set it. */
  option: z.enum(['min_changed', 'gone', 'overlap', 'suspended']).optional(),
  /** Names of files that share keys, and some of these keys, safe to be shown. */
  files: storedTexts.exactOptional(),
  keys: storedTexts.exactOptional(),
  /** The record that suspends the deletes is the last one of its file. */
  footer: z.literal(true).exactOptional(),
  /** How many different people have to approve it; one unless told. */
  people: z.int().exactOptional(),
});

/** A number that broke a limit. `value` and `limit` are shares (0.4 is 40 %), minutes, bytes or counts; `unit` says which. */
export type Finding = Stored<typeof findingSchema>;

/** A finding that holds the night, or only warns. */
export interface GradedFinding {
  readonly severity: 'hold' | 'warn';
  readonly hold: Finding;
}
