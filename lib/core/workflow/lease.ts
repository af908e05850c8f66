import { processes } from './processes.ts';
import { type StepName, stepNames } from './workflows.ts';

/** Seconds. On a laptop a process renews its lease every few seconds, so that another process soon notices its death. */
export const LAPTOP_LEASE = 15;

/** In the cloud nobody renews the lease between two steps, so the lease of a step lasts to the end of the next one. */
export function cloudLease(step: StepName): number {
  const next = stepNames[stepNames.indexOf(step) + 1];
  return processes[step].seconds + (next ? processes[next].seconds : 0);
}
