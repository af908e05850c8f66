/** What a format knows of each record, until the reader has come to it: it follows chunk by chunk, so that only few are remembered. */
export class ByRecord<Known> {
  #known: Known[] = [];
  /** Number of the first of them. */
  #first = 0;

  /** Of the next record. */
  add(known: Known): void {
    this.#known.push(known);
  }

  /** Of the record with this number, from 0; numbers ascend. */
  of(record: number): Known {
    const passed = record - this.#first;
    if (passed > MOST_PASSED) {
      this.#known = this.#known.slice(passed);
      this.#first = record;
    }
    return this.#known[record - this.#first]!;
  }
}

/** To forget each record alone would take longer. */
const MOST_PASSED = 10_000;
