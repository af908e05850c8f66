import { asNightfeedError } from '../core/errors.ts';
import type { Ports } from './ports.ts';

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;

/** Tries transient failures again with growing, jittered pauses; everything else fails at once. */
export async function retrying<T>(ports: Pick<Ports, 'sleep' | 'say'>, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (thrown) {
      const error = asNightfeedError(thrown);
      if (!error.transient || attempt === ATTEMPTS) throw error;
      const delay = FIRST_DELAY_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      ports.say(`${error.name}: ${error.message}; trying again in ${(delay / 1000).toFixed(1)} s`);
      await ports.sleep(delay);
    }
  }
}
