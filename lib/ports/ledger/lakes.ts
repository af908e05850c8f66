import type { LakeIdentity } from '../store.ts';

/** Where the snapshots of feeds lie. */
export interface Lakes {
  /** null when it is not known. */
  lake(feed: string): Promise<LakeIdentity | null>;
  /** With null the ledger forgets it, and the next run's lake is it. */
  keepLake(feed: string, lake: LakeIdentity | null): Promise<void>;
}
