import type { Dialect } from './dialect.ts';
import { type Arrived, lengthOf, MORE, type RecordEnds } from './record-ends.ts';

/** What stands behind a field; TEXT: nothing that ends it. */
export const TEXT = 0;
export const DELIMITER = 1;
const RECORD_END = 2;
const FILE_END = 3;
/** The quotes of the record are misplaced: its fields are a guess, and it ends at the next record end. */
export const MISQUOTED = 4;
/** A line end that does not end records of this file. */
export const WRONG_END = 5;

/** Finds what ends a field. */
export class FieldEnds {
  arrived: Arrived = { bytes: new Uint8Array(), length: 0, isEnded: false };
  /** The place of what was found last, and its length. */
  at = 0;
  length = 0;
  readonly #dialect: Dialect;
  readonly #ends: RecordEnds;

  constructor(dialect: Dialect, ends: RecordEnds) {
    this.#dialect = dialect;
    this.#ends = ends;
  }

  /** What stands here; MORE when that has to come. */
  find(at: number): number {
    const { length, isEnded, bytes } = this.arrived;
    this.at = at;
    this.length = 0;
    if (at >= length) return isEnded ? FILE_END : MORE;
    const delimiter = lengthOf(this.#dialect.delimiter, this.arrived, at);
    if (delimiter === MORE) return MORE;
    const end = delimiter > 0 ? 0 : this.#ends.lengthAt(this.arrived, at);
    if (end === MORE) return MORE;
    if (end > 0 && !this.#ends.fits(bytes, at, end)) return WRONG_END;
    this.length = delimiter + end;
    return delimiter > 0 ? DELIMITER : end > 0 ? RECORD_END : TEXT;
  }

  /** Finds the next record end, of a record whose quotes are misplaced. */
  findAfterFault(from: number): number {
    const { bytes, length, isEnded } = this.arrived;
    this.length = 0;
    for (this.at = from; this.at < length; this.at++) {
      if (bytes[this.at] === this.#dialect.escapeSign) {
        this.at++;
        continue;
      }
      const end = this.#ends.lengthAt(this.arrived, this.at);
      if (end === MORE) return MORE;
      if (end === 0 || !this.#ends.fits(bytes, this.at, end)) continue;
      this.length = end;
      return MISQUOTED;
    }
    this.at = length;
    return isEnded ? MISQUOTED : MORE;
  }
}
