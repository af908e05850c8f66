/** Which bytes that went into a stage came out of it where. It is asked in ascending order, and forgets what it was asked. */
export class Trail {
  /** Pairs: from a byte that came out on, bytes are those from a byte that went in on. */
  #marks: number[] = [0, 0];
  #at = 0;

  /** Called in ascending order; of two marks at one byte, the later one counts. */
  mark(out: number, sent: number): void {
    if (this.#marks.at(-2) === out) this.#marks[this.#marks.length - 1] = sent;
    else this.#marks.push(out, sent);
  }

  sourceOf(out: number): number {
    while (this.#at + 2 < this.#marks.length && this.#marks[this.#at + 2]! <= out) this.#at += 2;
    if (this.#at > MOST_PASSED) {
      this.#marks = this.#marks.slice(this.#at);
      this.#at = 0;
    }
    return this.#marks[this.#at + 1]! + out - this.#marks[this.#at]!;
  }
}

/** Numbers that are kept although nobody asks for them any more: to forget each mark alone would take longer. */
const MOST_PASSED = 10_000;
