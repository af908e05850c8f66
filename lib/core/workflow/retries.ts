import type { ErrorName } from '../errors.ts';

/** What the state machine tries again: a process whose answer never came, errors that may pass, or one of them. */
export interface Retry {
  readonly on: 'no answer' | 'transient' | ErrorName;
  /** Seconds before the first attempt; each later one waits `factor` times as long. */
  readonly after: number;
  readonly factor: number;
  readonly times: number;
}

/** Every function may be called again: a step that was done finds its receipt, or its outcome in the ledger. */
export const functionRetries = [
  { on: 'no answer', after: 2, factor: 2, times: 5 },
  // The functions tried a few times themselves. A database that fails over needs about a minute.
  { on: 'transient', after: 30, factor: 2, times: 2 },
] as const satisfies readonly Retry[];

/** An execution that died holds its run until the failure rule has released it: a matter of seconds. */
export const busyRetry = { on: 'BUSY', after: 60, factor: 1, times: 5 } as const satisfies Retry;

/** A container that died, or could not be started. One that ran into its limit had hours, and would need them again. */
export const containerRetries = [
  { on: 'no answer', after: 60, factor: 2, times: 2 },
] as const satisfies readonly Retry[];
