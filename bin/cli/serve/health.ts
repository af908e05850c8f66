import type { Answer } from '../../../lib/local/http/listen.ts';
import type { HomeHealth } from './homes.ts';

/** A loop that took longer hangs. */
const MOST_MS_OF_A_TURN = 120_000;

/** Whether `serve` lives, for whoever restarts it. */
export class Health {
  #turned = performance.now();
  readonly #homes: () => readonly HomeHealth[];

  constructor(homes: () => readonly HomeHealth[]) {
    this.#homes = homes;
  }

  turned(): void {
    this.#turned = performance.now();
  }

  get isWell(): boolean {
    return this.#turnedAgo < MOST_MS_OF_A_TURN && this.#homes().every(({ trouble }) => trouble === null);
  }

  /** Names no path and no address: whoever reaches the port may read it. */
  answer(facts: object): Answer {
    const homes = this.#homes();
    const body = {
      alive: this.isWell,
      seconds_since_turn: Math.round(this.#turnedAgo / 1000),
      databases: homes.length,
      databases_unreachable: homes.filter(({ trouble }) => trouble !== null).length,
      ...facts,
    };
    return { status: this.isWell ? 200 : 503, type: 'application/json', body: `${JSON.stringify(body)}\n` };
  }

  get #turnedAgo(): number {
    return performance.now() - this.#turned;
  }
}
