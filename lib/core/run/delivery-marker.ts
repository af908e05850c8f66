import { z } from 'zod';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedCount } from '../objects/stored.ts';

const schema = z.object({
  nightfeed_date: z.string(),
  nightfeed_revision: storedCount,
  /** Hash over the snapshots that lie there; absent when an older version wrote it. */
  content: z.string().exactOptional(),
});

/** What makes a delivery in `current/` real. Queries read it, too. */
export type DeliveryMarker = Stored<typeof schema>;

export const deliveryMarker: ObjectKind<DeliveryMarker> = {
  name: 'marker of a delivery',
  version: 1,
  schema,
  isSealed: false,
};
