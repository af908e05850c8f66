import type { Backslashes } from './backslashes.ts';
import type { Swallowed } from './swallowed.ts';

/** Signs in a file's records that its writer meant other records than we read. */
export interface Signs {
  readonly longest: LongestRecord;
  readonly swallowed: readonly Swallowed[];
  readonly backslashes: Backslashes | null;
}

export interface LongestRecord {
  /** Record end included. */
  readonly bytes: number;
  readonly lines: number;
}
