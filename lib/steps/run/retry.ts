import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often work that failed with a transient error is tried. */
export const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;

/** Milliseconds to wait after so many failures in a row. The time grows, and is random, so that not all processes try at the same moment. */
export function pause(failures: number): number {
  return FIRST_DELAY_MS * 2 ** (failures - 1) * (0.5 + Math.random());
}

/** Repeats work that fails with a transient error. Any other error is thrown at once. */
export async function retrying<T>(
  ports: Pick<Ports, 'sleep' | 'say'>,
  work: () => Promise<T>,
  mayPass = (error: NightfeedError): boolean => error.transient,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      const error = asNightfeedError(thrown);
      if (!mayPass(error) || attempt === ATTEMPTS) throw error;
      const delay = pause(attempt);
      ports.say(`${error.name}: ${error.message}; trying again in ${(delay / 1000).toFixed(1)} s`);
      await ports.sleep(delay);
    }
  }
}
