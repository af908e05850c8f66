import type { Backslashes } from './backslashes.ts';
import type { Swallowed } from './swallowed.ts';

/** What of a file's records says that whoever wrote it meant other ones. */
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
