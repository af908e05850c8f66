import type { LakeBucket, LakeUse, ProcessNeeds } from '../core/cloud/process-needs.ts';
import type { Store } from './store.ts';

/** A kind of store: one folder of lib/stores. No feed file names one; where nights run decides. */
export interface StoreKind {
  readonly name: string;
  /** Where nights run whose lake it holds: on a machine of one's own, or in the cloud. */
  readonly runs: 'here' | 'in the cloud';
  /** What a process needs that uses the lake in the cloud. */
  cloud?(lake: LakeBucket, use: LakeUse): ProcessNeeds;
  /** null where its settings say that the lake lies elsewhere. Imports what it needs when it is called. */
  open(surroundings: StoreSurroundings): Promise<Store | null>;
}

export interface StoreSurroundings {
  /** The value of a variable of the environment, if it has one. */
  setting(name: string): string | undefined;
  /** The folder of everything local; none in the cloud. */
  readonly home?: string;
}
