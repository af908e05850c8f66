import { lenientName } from '../../../core/feed/identifier.ts';
import { MAX_RECORD_BYTES } from '../../../core/records/record-walk.ts';
import { excerpt } from '../../../core/shown-text.ts';
import { type LineAsRecord, type RowShape, rowLikeness } from './row-likeness.ts';

/**
 * Looks at the lines that are left out as comments, and notes those that read as a whole row of the table: keys may begin as comments do. It is no
 * more than a note, since the names of columns often stand in a comment. With one field every comment would read so; there the feed is believed.
 */
export class CommentRows {
  readonly #opening: string;
  readonly #delimiter: string | undefined;
  /** Comments that came before it was known what a row is. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #judge: ((line: Buffer) => void) | undefined;
  #count = 0;
  #first = '';

  /** `delimiter`: what stands between fields; undefined where nothing does. */
  constructor(opening: string, delimiter?: string) {
    this.#opening = opening;
    this.#delimiter = delimiter;
  }

  get notes(): string[] {
    if (this.#count === 0) return [];
    return [
      `${this.#count} comment line(s) read like rows, such as ${this.#first}; where keys may begin so, leave \`comment\` out`,
    ];
  }

  /** A comment without its line end. */
  see(line: Buffer): void {
    // Most comments are text without a delimiter: one field. To read them as records would take longer than the rest of the file.
    if (this.#delimiter !== undefined && !line.includes(this.#delimiter)) return;
    if (this.#judge) {
      this.#judge(line);
      return;
    }
    this.#earlyBytes += line.length + OVERHEAD;
    if (this.#earlyBytes <= MOST_EARLY) this.#early.push(Buffer.from(line));
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
      this.#count += 1;
      if (this.#count === 1) this.#first = excerpt(bytes.toString());
    };
    for (const line of this.#early.splice(0)) this.#judge(line);
  }
}

/** Many, but no more than a record may have: the first one is waited for anyway. Others are not looked at. */
const MOST_EARLY = 8 * MAX_RECORD_BYTES;
/** Of memory, for each of them. */
const OVERHEAD = 100;
