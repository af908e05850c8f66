import { z } from 'zod';
import type { Stored } from '../../objects/stored.ts';

export const planStepSchema = z.object({
  name: z.string(),
  kind: z.enum(['table', 'view']),
  select: z.string(),
  /** Of a table that has few rows on most nights: an engine may forget how it found them. */
  isFew: z.literal(true).exactOptional(),
  /** Of a table that grows: asked over the rows that were found last, under its own name, until it brings no new one. */
  grow: z.string().exactOptional(),
});

/** A statement of the plan. A `table` is computed once, a `view` is computed where it is used. */
export type PlanStep = Stored<typeof planStepSchema>;
