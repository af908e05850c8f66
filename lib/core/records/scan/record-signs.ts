import type { ReadingColumn } from '../../feed/reading-spec.ts';
import { contentEnd } from '../fields.ts';
import { lines } from '../lines.ts';
import { recordSyntaxOf } from '../record-syntax.ts';
import type { RecordText } from '../record-text.ts';
import type { RecordWalk } from '../record-walk.ts';
import { BACKSLASH, BackslashCount } from './backslashes.ts';
import { RecordLikeness } from './record-likeness.ts';
import type { Signs } from './signs.ts';
import { type RecordsWithin, SwallowedRecords } from './swallowed.ts';

/** Collects signs from the records of a file. Only records with line ends or backslashes inside cost more than a comparison. */
export class RecordSigns {
  readonly #likeness: RecordLikeness;
  readonly #swallowed: SwallowedRecords | undefined;
  readonly #backslashes: BackslashCount | undefined;
  #longest = 0;
  #mostLines = 1;
  #isCurious = true;
  /** No record that still has to be looked at and ends before this offset holds a backslash. */
  #plainTo = -1;

  /**
   * `header` has the columns in file order. With one column any line looks like a record, so lines are not looked at. Unless
   * the records stand `isAsWritten`, their backslashes say nothing of the vendor, nor do their quotes without `within`.
   */
  constructor(
    header: readonly string[],
    columns: readonly ReadingColumn[],
    format: RecordText,
    isAsWritten = true,
    within?: RecordsWithin,
  ) {
    const dialect = recordSyntaxOf(format);
    this.#likeness = new RecordLikeness(header, columns, format);
    const canSwallow = (isAsWritten || within !== undefined) && header.length > 1;
    this.#swallowed = canSwallow ? new SwallowedRecords(this.#likeness, dialect, header, within) : undefined;
    this.#backslashes = isAsWritten ? new BackslashCount(dialect) : undefined;
  }

  get found(): Signs {
    return {
      longest: { bytes: this.#longest, lines: this.#mostLines },
      swallowed: this.#swallowed?.found ?? [],
      backslashes: this.#backslashes?.found ?? null,
    };
  }

  /** The record that the walk found last, unless it is blank; `isWellFormed`: it has its fields. */
  see(walk: RecordWalk, isWellFormed: boolean): void {
    const { start, end } = walk;
    // Hot path: nearly every record returns here.
    if (end > this.#plainTo || end - start > this.#longest || walk.finder.innerNewlineEnd > start || this.#isCurious)
      this.#look(walk, isWellFormed);
  }

  /** The record that the walk found last, which is no record: one quoted field with its bytes as they came. */
  seeFault(walk: RecordWalk): void {
    const record = walk.bytes();
    this.#longest = Math.max(this.#longest, record.length);
    const bytes = record.subarray(1, contentEnd(record) - 1);
    if (walk.finder.innerNewlineEnd > walk.start) this.#swallowed?.look(bytes, walk.count, walk.start, true);
    if (bytes.includes(BACKSLASH)) this.#backslashes?.look(bytes, true);
  }

  #look(walk: RecordWalk, isWellFormed: boolean): void {
    this.#longest = Math.max(this.#longest, walk.end - walk.start);
    if (isWellFormed && this.#isCurious) {
      this.#likeness.learn(walk.bytes());
      this.#isCurious = this.#likeness.isCurious;
    }
    if (walk.finder.innerNewlineEnd > walk.start) this.#lookInside(walk);
    if (this.#backslashes && this.#hasBackslash(walk)) this.#backslashes.look(walk.bytes(), walk.finder.misquoted);
  }

  #lookInside(walk: RecordWalk): void {
    const record = walk.bytes();
    const count = [...lines(record, 0, contentEnd(record))].length;
    if (count > this.#mostLines) this.#mostLines = count;
    this.#swallowed?.look(record, walk.count, walk.start, walk.finder.misquoted);
  }

  #hasBackslash({ base, chunk, start, end }: RecordWalk): boolean {
    if (end <= this.#plainTo) return false;
    // The part of the record in an earlier chunk may hold a backslash, so the record is searched. This is rare.
    if (start < base) return true;
    if (this.#plainTo < start || this.#plainTo === base) {
      const found = chunk.indexOf(BACKSLASH, start - base);
      this.#plainTo = found < 0 ? base + chunk.length : base + found;
    }
    return this.#plainTo < end;
  }
}
