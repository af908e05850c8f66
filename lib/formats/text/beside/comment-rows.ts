import { NightfeedError } from '../../../core/errors.ts';
import { lenientName } from '../../../core/feed/identifier.ts';
import { MAX_RECORD_BYTES } from '../../../core/records/record-walk.ts';
import { excerpt } from '../../../core/shown-text.ts';
import { type LineAsRecord, type RowShape, rowLikeness } from './row-likeness.ts';

/**
 * Looks at the lines that are left out as comments: one that reads as a whole row of the table is refused, because keys may begin as comments do. With
 * one field every comment would read so; there the feed is believed. Throws SKIPPED_DATA.
 */
export class CommentRows {
  readonly #opening: string;
  /** Comments that came before it was known what a row is. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #judge: ((line: Buffer) => void) | undefined;

  constructor(opening: string) {
    this.#opening = opening;
  }

  /** A comment without its line end. */
  see(line: Buffer): void {
    if (this.#judge) {
      this.#judge(line);
      return;
    }
    this.#earlyBytes += line.length + OVERHEAD;
    if (this.#earlyBytes > MOST_EARLY)
      throw new NightfeedError(
        'SKIPPED_DATA',
        `the comments before the first record need more than ${MOST_EARLY} bytes`,
      );
    this.#early.push(Buffer.from(line));
  }

  /** From now on it is known what a row is. `lineOf` reads a line as the format reads its records. */
  begin(shape: RowShape, lineOf: (line: Buffer) => LineAsRecord): void {
    const likeness = rowLikeness(shape);
    const names = new Set(shape.header.map(lenientName));
    const isHeader = ([first = '', ...others]: readonly string[]) =>
      [first.replace(this.#opening, ''), ...others].every((name) => names.has(lenientName(name)));
    this.#judge = (bytes) => {
      const line = lineOf(bytes);
      if (line.fields.length < 2 || !line.isWhole || likeness(line) !== 'row' || isHeader(line.fields)) return;
      const way =
        'where keys may begin so, leave `comment` out; where the line is none of the data, let `drop_row_when` leave out what it says';
      const message = `the line ${excerpt(bytes.toString())}, which \`comment\` leaves out, reads like a row of the data; ${way}`;
      throw new NightfeedError('SKIPPED_DATA', message);
    };
    for (const line of this.#early.splice(0)) this.#judge(line);
  }
}

/** Many, but no more than a record may have: the first one is waited for anyway. */
const MOST_EARLY = 8 * MAX_RECORD_BYTES;
/** Of memory, for each of them. */
const OVERHEAD = 100;
