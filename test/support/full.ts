import { describe, test } from 'vitest';

/** FULL=1 (`npm run test:full`) runs every case of the long matrices; without it a few that meet each mechanism once. */
export const isFull = process.env.FULL !== undefined;

const absent = Object.assign(() => {}, { each: () => () => {} });

/**
 * A test of the long matrices only. Elsewhere it is not there, rather than skipped: a skip means that something cannot be tested.
 * A file, and each suite in it, needs one test that is always there, or is of the long matrices as a whole.
 */
export const testInFull: typeof test = isFull ? test : (absent as unknown as typeof test);
export const describeInFull: typeof describe = isFull ? describe : (absent as unknown as typeof describe);
