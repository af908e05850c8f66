import type { KeyOrder } from '../../records/scan/key-order.ts';
import { commonPrefix } from './common-prefix.ts';
import { nearestPair } from './look-ahead.ts';
import type { RecordEnds } from './record-ends.ts';
import type { Window } from './window.ts';

export type Side = 'base' | 'next';

export interface WalkOptions {
  readonly ends: RecordEnds;
  /** Both sides ascend strictly by plain keys, so the smaller key tells which side has an extra record. */
  readonly keyOrder?: KeyOrder | undefined;
  /** Is told a record without an equal one. `offset` counts in its stream. The bytes are only valid during the call. */
  unmatched(side: Side, bytes: Buffer, from: number, to: number, offset: number): void;
}

/**
 * Walks two streams of records side by side and matches equal records at the speed of memcmp. The result is a
 * one-to-one matching of byte-identical records. All others go to `unmatched`, in stream order.
 */
export class LockstepWalk {
  /** Bytes of each side so far. */
  matched = 0;
  readonly #options: WalkOptions;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** Consumes as much as both windows allow. `more`: fill a window that has not ended. */
  step(base: Window, next: Window): 'more' | 'done' {
    for (;;) {
      this.#match(base, next);
      if (base.isEmpty && next.isEmpty) return base.ended && next.ended ? 'done' : 'more';
      if (base.isEmpty || next.isEmpty) {
        const [empty, other, side] = base.isEmpty ? ([base, next, 'next'] as const) : ([next, base, 'base'] as const);
        if (!empty.ended) return 'more';
        if (!this.#release(other, side, Number.POSITIVE_INFINITY)) return 'more';
        continue;
      }
      const isOver = this.#options.keyOrder
        ? this.#advanceByKey(base, next, this.#options.keyOrder)
        : this.#advanceByLook(base, next);
      if (!isOver) return 'more';
    }
  }

  #match(base: Window, next: Window): void {
    const length = Math.min(base.end - base.start, next.end - next.start);
    const equal = commonPrefix(base.bytes, base.start, next.bytes, next.start, length);
    const records = this.#options.ends.last(base, base.start, base.start + equal) - base.start;
    base.start += records;
    next.start += records;
    this.matched += records;
  }

  /** Both windows start with records that differ, or are not whole yet. */
  #advanceByKey(base: Window, next: Window, order: KeyOrder): boolean {
    const { ends } = this.#options;
    const baseEnd = ends.next(base, base.start);
    const nextEnd = ends.next(next, next.start);
    if (baseEnd < 0 || nextEnd < 0) return false;
    const smaller = order.compare(base.bytes, base.start, next.bytes, next.start);
    if (smaller <= 0) this.#emit(base, 'base', baseEnd);
    if (smaller >= 0) this.#emit(next, 'next', nextEnd);
    return true;
  }

  #advanceByLook(base: Window, next: Window): boolean {
    const gap = nearestPair(base, next, this.#options.ends);
    if (gap === 'more') return false;
    this.#release(base, 'base', gap.a);
    this.#release(next, 'next', gap.b);
    return true;
  }

  /** false when the window holds fewer whole records and its stream has not ended. */
  #release(window: Window, side: Side, records: number): boolean {
    for (let released = 0; released < records && !window.isEmpty; released += 1) {
      const end = this.#options.ends.next(window, window.start);
      if (end < 0) return false;
      this.#emit(window, side, end);
    }
    return true;
  }

  #emit(window: Window, side: Side, end: number): void {
    this.#options.unmatched(side, window.bytes, window.start, end, window.base + window.start);
    window.start = end;
  }
}
