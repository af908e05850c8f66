import { asNightfeedError, type ErrorName, NightfeedError } from '../../core/errors.ts';
import type { Ports } from '../../ports/ports.ts';

export const areaNames = ['feed', 'source', 'database', 'lake', 'engine'] as const;
export type AreaName = (typeof areaNames)[number];

export const verdicts = ['ok', 'warn', 'fail'] as const;

/** A line of what `doctor` says. */
export interface Check {
  readonly area: AreaName;
  readonly verdict: (typeof verdicts)[number];
  readonly found: string;
  /** Name of the failure. */
  readonly error: ErrorName | null;
  /** What to do; null where all is well, and of a warning that says it itself. */
  readonly hint: string | null;
}

/** What a look found. With a `hint` it is a warning. */
export interface Seen<T> {
  readonly found: string;
  readonly hint?: string;
  readonly value: T;
}

export interface AreaOptions {
  /** How long all looks of the area together may take. */
  readonly seconds: number;
  /** The failure of a look that takes longer. */
  readonly late: ErrorName;
}

export type Tell = (check: Check) => void;

export function failedCheck(area: AreaName, { name, message, hint }: NightfeedError): Check {
  return { area, verdict: 'fail', found: message, error: name, hint };
}

/** The looks at one area of the feed's surroundings. None throws; each tells what it found. */
export class Area {
  readonly #name: AreaName;
  readonly #options: AreaOptions;
  readonly #elapsed: Ports['elapsed'];
  readonly #tell: Tell;
  readonly #began: number;

  constructor(name: AreaName, options: AreaOptions, { elapsed }: Pick<Ports, 'elapsed'>, tell: Tell) {
    this.#name = name;
    this.#options = options;
    this.#elapsed = elapsed;
    this.#tell = tell;
    this.#began = elapsed();
  }

  /** Resolves to what the look is for; undefined when it failed. */
  async look<T>(work: () => Promise<Seen<T>>): Promise<T | undefined> {
    try {
      const { found, hint = null, value } = await this.#inTime(work);
      this.#tell({ area: this.#name, verdict: hint === null ? 'ok' : 'warn', found, error: null, hint });
      return value;
    } catch (thrown) {
      this.#tell(failedCheck(this.#name, asNightfeedError(thrown)));
      return undefined;
    }
  }

  warn(found: string, hint: string | null = null): void {
    this.#tell({ area: this.#name, verdict: 'warn', found, error: null, hint });
  }

  /** No look can follow. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  get #left(): number {
    return this.#options.seconds * 1000 - (this.#elapsed() - this.#began);
  }

  /** Whatever hangs is left alone: who opened it closes it. */
  async #inTime<T>(work: () => Promise<T>): Promise<T> {
    const { seconds, late } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_resolve, reject) => {
      const message = `no answer within the ${seconds} s that doctor takes for the ${this.#name}`;
      timer = setTimeout(() => reject(new NightfeedError(late, message, { hint: HINT_OF_LATE })), this.#left);
    });
    const answer = work();
    answer.catch(() => {});
    return Promise.race([answer, over]).finally(() => clearTimeout(timer));
  }
}

const HINT_OF_LATE = 'It answers too slowly, or hangs. Ask whoever runs it, then run the same command again.';
