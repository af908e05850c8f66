import type { StepTime, StepTimes } from '../../core/run/step-times.ts';
import type { Ports } from '../../ports/ports.ts';

/** Measures the time of the steps of one process. */
export class StepClock {
  readonly #now: () => Date;
  readonly #times: Record<string, StepTime> = {};
  readonly #seconds: Record<string, number> = {};

  constructor({ now }: Pick<Ports, 'now'>) {
    this.#now = now;
  }

  /** For the ledger. */
  get times(): StepTimes {
    return { ...this.#times };
  }

  /** Times by step, over all its attempts. */
  get seconds(): Readonly<Record<string, number>> {
    return { ...this.#seconds };
  }

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const start = this.#now();
    const attempts = (this.#times[step]?.attempts ?? 0) + 1;
    this.#times[step] = { began: start.toISOString(), ended: null, attempts };
    try {
      return await work();
    } finally {
      this.#times[step] = { ...this.#times[step]!, ended: this.#now().toISOString() };
      this.#seconds[step] = (this.#seconds[step] ?? 0) + (this.#now().getTime() - start.getTime()) / 1000;
    }
  }

  /** The times as if this step ended now, for the transaction that ends it. */
  timesAtEndOf(step: string): StepTimes {
    const time = this.#times[step];
    return time ? { ...this.#times, [step]: { ...time, ended: this.#now().toISOString() } } : this.times;
  }
}
