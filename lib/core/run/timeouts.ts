import { type StepName, stepNames } from './steps.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Seconds after which the cloud stops a step. A delivery has 8 GB and more, and the slowest part is the vendor's
 * line, whose speed nobody knows. One statement of publish may take an hour.
 */
export const stepTimeouts = {
  claim: 2 * MINUTE,
  // One listing; a slow server is listed several times.
  arrive: 10 * MINUTE,
  pull: 6 * HOUR,
  diff: 4 * HOUR,
  guard: 2 * MINUTE,
  publish: 3 * HOUR,
  notify: 2 * MINUTE,
  tidy: HOUR,
} as const satisfies Record<StepName, number>;

/** For the functions beside the steps: outcome, stop, operator. */
export const FUNCTION_TIMEOUT = 2 * MINUTE;

/** On a laptop a process renews its lease every few seconds, so that another process soon notices its death. */
export const LAPTOP_LEASE = 15;

/** In the cloud nobody renews the lease between two steps, so the lease of a step lasts to the end of the next one. */
export function cloudLease(step: StepName): number {
  const next = stepNames[stepNames.indexOf(step) + 1];
  return stepTimeouts[step] + (next ? stepTimeouts[next] : 0);
}
