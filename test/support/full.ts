import { test } from 'vitest';

/** FULL=1 (`npm run test:all`) runs every case of the long matrices; without it a few that meet each mechanism once. */
export const isFull = process.env.FULL !== undefined;

/** A test of the long matrices only. Elsewhere it is not there, rather than skipped: a skip means that something cannot be tested. */
export const testInFull: typeof test = isFull ? test : (Object.assign(() => {}, test) as typeof test);
