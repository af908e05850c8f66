import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** How often a thing is tried that may succeed a moment later. */
export const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;

/** Milliseconds to wait after so many failures in a row: growing, and jittered so that not all come back at once. */
export function pause(failures: number): number {
  return FIRST_DELAY_MS * 2 ** (failures - 1) * (0.5 + Math.random());
}

/** Tries again what fails in a way that may pass; everything else fails at once. */
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
