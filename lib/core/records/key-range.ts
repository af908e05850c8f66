import type { KeyOrder } from './key-order.ts';

/** First and last key of a file whose keys ascend strictly, as the file spells them. */
export interface AscendingKeys {
  readonly first: string;
  readonly last: string;
}

/** Watches whether the keys of a file ascend strictly. Costs one comparison a record, and nothing once one did not. */
export class KeyRange {
  #order: KeyOrder | undefined;
  #first: Buffer | undefined;
  #last: Buffer | undefined;
  #lastAt = 0;
  #lastLength = 0;

  constructor(order: KeyOrder | undefined) {
    this.#order = order;
  }

  /** The next sound record; the bytes must stay as they are until the one after it was seen. */
  observe(bytes: Buffer, at: number): void {
    if (!this.#order) return;
    const length = this.#order.plainLength(bytes, at);
    if (length < 0 || (this.#last && this.#order.compare(this.#last, this.#lastAt, bytes, at) >= 0)) {
      this.#order = undefined;
      return;
    }
    this.#first ??= Buffer.from(bytes.subarray(at, at + length));
    this.#last = bytes;
    this.#lastAt = at;
    this.#lastLength = length;
  }

  /** null when they do not ascend, cannot be compared, or there are none. */
  get keys(): AscendingKeys | null {
    if (!this.#order || !this.#first || !this.#last) return null;
    const last = this.#last.subarray(this.#lastAt, this.#lastAt + this.#lastLength);
    return { first: this.#first.toString(), last: last.toString() };
  }
}

/** Whether files, one after the other, make one strictly ascending stream. Files without records do not matter. */
export function ascendTogether(
  order: KeyOrder,
  files: readonly { keys: AscendingKeys | null; rows: number }[],
): boolean {
  const filled = files.filter((file) => file.rows > 0);
  return filled.every((file, index) => {
    const before = filled[index - 1];
    if (!file.keys) return false;
    if (!before) return true;
    return before.keys !== null && order.compare(Buffer.from(before.keys.last), 0, Buffer.from(file.keys.first), 0) < 0;
  });
}
