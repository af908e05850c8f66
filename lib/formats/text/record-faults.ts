import type { RejectCode } from '../../core/records/reject.ts';

/** Why records could not be converted, until the scan has asked: it follows conversion chunk by chunk, so that only few are remembered. */
export class RecordFaults {
  readonly #codes = new Map<number, RejectCode>();
  /** Number of the last record that was none; undefined when there was none such. */
  last: number | undefined;

  /** Of the record with this number, from 0. */
  add(index: number, code: RejectCode): void {
    this.#codes.set(index, code);
    this.last = index;
  }

  /** Answers once. */
  readonly of = (index: number): RejectCode | undefined => {
    if (this.#codes.size === 0) return undefined;
    const code = this.#codes.get(index);
    if (code !== undefined) this.#codes.delete(index);
    return code;
  };
}
