import { z } from 'zod';
import type { ObjectKind } from '../objects/object-kind.ts';
import { type Stored, storedCount } from '../objects/stored.ts';

/** Zones whose objects the feed file's `keep` may remove. */
export const agingZones = ['raw', 'landing', 'changes', 'snapshots', 'receipts', 'logs'] as const;
export type AgingZone = (typeof agingZones)[number];

const schema = z.object({
  /** ISO instant. */
  at: z.string(),
  /** The run that tidied up. */
  by: z.string(),
  /** Days, by the feed file. */
  limit: storedCount,
  objects: storedCount,
  bytes: storedCount,
});

/** Says of a run that its objects in a zone were removed, because they were older than the feed file keeps them. Written before they go. */
export type Removal = Stored<typeof schema>;

export const removal: ObjectKind<Removal> = {
  name: 'record of a removal',
  version: 1,
  schema,
  isSealed: true,
  indent: 1,
};

/** What was removed, by zone. */
export type Removed = Readonly<Partial<Record<AgingZone, { readonly objects: number; readonly bytes: number }>>>;
