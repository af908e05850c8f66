import type { NameTable } from './name-table.ts';

/**
 * Finds names within a value of which `fields` reads parts that stand only where such a part is missing: the vendor may have renamed it. What
 * is beside the parts in other objects, too, has another meaning.
 */
export class Strangers<Meaning> {
  readonly #beside = new Set<string>();
  readonly #instead = new Set<string>();
  /** The table had so many names when each of them had stood beside all parts; -1 where one had not. */
  #settled = 0;
  #isDictionary = false;
  readonly #isPart: (meaning: Meaning) => boolean;

  constructor(isPart: (meaning: Meaning) => boolean) {
    this.#isPart = isPart;
  }

  /** The object that the table read last has ended. `isWhole`: no part is missing. */
  learn(table: NameTable<Meaning>, isWhole: boolean): void {
    this.#isDictionary ||= table.size > MOST_NAMES;
    if (this.#isDictionary || table.size === this.#settled) return;
    let parts = 0;
    for (const { name, meaning, seenIn } of table.names) {
      if (this.#isPart(meaning)) parts += 1;
      else if (seenIn === table.object) (isWhole ? this.#beside : this.#instead).add(name);
    }
    this.#settled = this.#beside.size + parts === table.size ? table.size : -1;
  }

  get names(): string[] {
    return this.#isDictionary ? [] : [...this.#instead].filter((name) => !this.#beside.has(name));
  }
}

/** With more names, an object's names are values, such as numbers of articles. */
const MOST_NAMES = 200;
