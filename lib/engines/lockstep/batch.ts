import type { UnmatchedFile } from './unmatched-file.ts';

/** The unmatched records of both sides, from one place of the streams to another. */
export interface Batch {
  readonly base: UnmatchedFile;
  readonly next: UnmatchedFile;
}

/** Unmatched records on each side. */
export function unmatchedRecords(batches: readonly Batch[]): { base: number; next: number } {
  const count = (side: keyof Batch) => batches.reduce((sum, batch) => sum + batch[side].records, 0);
  return { base: count('base'), next: count('next') };
}
