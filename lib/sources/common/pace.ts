import { NightfeedError } from '../../core/errors.ts';
import type { Limits } from './limits.ts';

/**
 * Makes sure that bytes keep coming. A server that sends a byte now and then never runs into the time-out for silence, and never ends
 * either. Time in which we are not ready to take bytes does not count.
 */
export class Pace {
  readonly #limits: Limits;
  readonly #giveUp: (slow: NightfeedError) => void;
  #bytes = 0;
  /** Milliseconds until the bytes of this period are counted. */
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** `giveUp` is called with SOURCE_SLOW, once. */
  constructor(limits: Limits, giveUp: (slow: NightfeedError) => void) {
    this.#limits = limits;
    this.#giveUp = giveUp;
    this.#left = limits.slowestMilliseconds;
    this.goOn();
  }

  came(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Stops the clock: from now on the server waits for us. */
  hold(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }

  goOn(): void {
    if (this.#isStopped) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#judge(), Math.max(0, this.#left));
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #judge(): void {
    const { slowestBytes, slowestMilliseconds } = this.#limits;
    if (this.#bytes < slowestBytes) {
      this.stop();
      const seconds = slowestMilliseconds / 1000;
      this.#giveUp(slow(`${this.#bytes} bytes came in ${seconds} s; expected at least ${slowestBytes}`));
      return;
    }
    this.#bytes = 0;
    this.#left = slowestMilliseconds;
    this.goOn();
  }
}

/** SOURCE_SLOW, for a server that answers but never finishes. */
export function slow(message: string): NightfeedError {
  return new NightfeedError('SOURCE_SLOW', message, {
    hint: 'Ask the vendor what holds their server up, then run the same command again.',
  });
}
