import type { Dialect } from './dialect.ts';
import { type Arrived, lengthOf, MORE, type RecordEnds } from './record-ends.ts';

/** What may stand between records. `end`: the line after which no data may come. */
export type Between = 'blank' | 'comment' | 'end';

/** Recognizes what is no record where one could begin. */
export class BetweenRecords {
  arrived: Arrived = { bytes: new Uint8Array(), length: 0, isEnded: false };
  /** What was found last. */
  kind: Between = 'blank';
  readonly #dialect: Dialect;
  readonly #ends: RecordEnds;

  constructor(dialect: Dialect, ends: RecordEnds) {
    this.#dialect = dialect;
    this.#ends = ends;
  }

  /** Where what begins here ends; 0 when it is a record, MORE when bytes have to come. */
  find(from: number): number {
    const { comment, endOfData } = this.#dialect;
    const end = this.#ends.lengthAt(this.arrived, from);
    if (end === MORE) return MORE;
    if (end > 0 && this.#ends.fits(this.arrived.bytes, from, end)) {
      this.#ends.see(this.arrived.bytes, from, end);
      this.kind = 'blank';
      return from + end;
    }
    const opening = comment ? lengthOf(comment, this.arrived, from) : 0;
    if (opening !== 0) {
      this.kind = 'comment';
      return opening === MORE ? MORE : this.#afterLine(from);
    }
    const mark = endOfData ? lengthOf(endOfData, this.arrived, from) : 0;
    if (mark <= 0) return mark;
    this.kind = 'end';
    return this.#endAfter(from + mark);
  }

  #afterLine(from: number): number {
    const { length, isEnded } = this.arrived;
    const at = this.#ends.next(this.arrived, from);
    if (at === length) return isEnded ? length : MORE;
    const end = this.#ends.lengthAt(this.arrived, at);
    return end === MORE ? MORE : at + end;
  }

  /** Where the line that ends here does so, or the file; 0 where it goes on. */
  #endAfter(at: number): number {
    const { length, isEnded } = this.arrived;
    if (at >= length) return isEnded ? length : MORE;
    const end = this.#ends.lengthAt(this.arrived, at);
    return end > 0 ? at + end : end;
  }
}
