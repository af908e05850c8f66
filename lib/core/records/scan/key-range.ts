import { z } from 'zod';
import type { Stored } from '../../objects/stored.ts';
import type { KeyOrder } from './key-order.ts';

export const ascendingKeysSchema = z.object({ first: z.string(), last: z.string() });

/** First and last key of a file whose keys ascend strictly, as the file spells them. */
export type AscendingKeys = Stored<typeof ascendingKeysSchema>;

/** Watches whether the keys of a file ascend strictly. Costs one comparison a record, and nothing after the first that does not ascend. */
export class KeyRange {
  #order: KeyOrder | undefined;
  #first: Buffer | undefined;
  #last: Buffer | undefined;
  #lastAt = 0;
  #lastLength = 0;

  constructor(order: KeyOrder | undefined) {
    this.#order = order;
  }

  /** Takes the next well-formed record. Its bytes must not change until the record after it was taken. */
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

  /** The range; null when keys do not ascend, cannot be compared, or do not exist. */
  get keys(): AscendingKeys | null {
    if (!this.#order || !this.#first || !this.#last) return null;
    const last = this.#last.subarray(this.#lastAt, this.#lastAt + this.#lastLength);
    return { first: this.#first.toString(), last: last.toString() };
  }
}

/** Whether the files in this order make one strictly ascending stream. Files without records are skipped. */
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
