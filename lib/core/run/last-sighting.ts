import { z } from 'zod';
import type { ObjectKind } from '../objects/object-kind.ts';
import type { Stored } from '../objects/stored.ts';

const schema = z.object({
  /** Business date of the delivery that was looked at. */
  date: z.string(),
  sight: z.string(),
  at: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected an instant'),
});

/** The last look at a feed's source, as a machine of one's own keeps it. */
export const lastSighting: ObjectKind<Stored<typeof schema>> = {
  name: 'last sighting',
  version: 1,
  schema,
  isSealed: false,
};
