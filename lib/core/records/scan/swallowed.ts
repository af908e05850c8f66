import { z } from 'zod';
import { type Stored, storedCount, storedTexts } from '../../objects/stored.ts';
import { excerpt } from '../../shown-text.ts';
import { contentEnd } from '../fields.ts';
import { lines } from '../lines.ts';
import type { RecordSyntax } from '../record-syntax.ts';
import type { RecordLikeness } from './record-likeness.ts';

export const swallowedSchema = z.object({
  /** The column; null when a quoting fault leaves it unknown. */
  column: z.string().nullable(),
  fields: storedCount,
  /** Number of the record, from 1, and offset of the field, both without the header. */
  record: storedCount,
  byte: storedCount,
  lines: storedCount,
  /** The first lines, safe to be shown. */
  shown: storedTexts,
});

/** Fields of one column that hold lines which look like records. Place and text are those of the first such field. */
export type Swallowed = Stored<typeof swallowedSchema>;

/** Two such lines can be chance; a lost quote swallows more. */
const LEAST_LINES = 3;
const SHOWN_LINES = 3;
const SHOWN_CHARACTERS = 80;

/** What may be records in the text of a field, whose quotes are doubled. */
export type RecordsWithin = (text: Buffer) => Iterable<Buffer>;

/** Looks for records within fields. One quote too many or too few turns the records after it into a field. */
export class SwallowedRecords {
  readonly #likeness: RecordLikeness;
  readonly #dialect: RecordSyntax;
  readonly #header: readonly string[];
  readonly #within: RecordsWithin;
  readonly #found = new Map<string | null, Swallowed>();

  constructor(
    likeness: RecordLikeness,
    dialect: RecordSyntax,
    header: readonly string[],
    within: RecordsWithin = linesOf,
  ) {
    this.#likeness = likeness;
    this.#dialect = dialect;
    this.#header = header;
    this.#within = within;
  }

  get found(): Swallowed[] {
    return [...this.#found.values()];
  }

  /** Takes a record with line ends inside. `number` counts from 1. */
  look(record: Buffer, number: number, offset: number, misquoted: boolean): void {
    const end = contentEnd(record);
    if (misquoted) this.#judge(record, 0, end, null, number, offset);
    else
      for (const { column, from, to } of quotedFields(record, end, this.#dialect))
        this.#judge(record, from, to, this.#header[column] ?? null, number, offset);
  }

  #judge(record: Buffer, from: number, to: number, column: string | null, number: number, offset: number): void {
    let all = 0;
    let alike = 0;
    let surely = 0;
    for (const each of this.#within(record.subarray(from, to))) {
      all += 1;
      const likeness = this.#likeness.of(each);
      if (likeness > 0) alike += 1;
      if (likeness > 1) surely += 1;
    }
    if (surely < LEAST_LINES && (alike < LEAST_LINES || alike * 2 < all)) return;
    const known = this.#found.get(column);
    if (known) this.#found.set(column, { ...known, fields: known.fields + 1 });
    else {
      const shown = firstLines(record, from, to);
      this.#found.set(column, { column, fields: 1, record: number, byte: offset + from, lines: alike, shown });
    }
  }
}

function* linesOf(text: Buffer): Generator<Buffer> {
  for (const [from, to] of lines(text, 0, text.length)) yield text.subarray(from, to);
}

function firstLines(record: Buffer, from: number, to: number): string[] {
  const first = [...lines(record, from, to)].slice(0, SHOWN_LINES);
  return first.map(([start, end]) => excerpt(record.toString('utf8', start, end), SHOWN_CHARACTERS));
}

/** The quoted fields of a well-formed record, without their quotes. */
function* quotedFields(record: Buffer, end: number, { delimiter, quote }: RecordSyntax) {
  let column = 0;
  for (let at = 0; at < end; at++, column++) {
    if (record[at] === quote) {
      const from = ++at;
      while (at < end && (record[at] !== quote || record[at + 1] === quote)) at += record[at] === quote ? 2 : 1;
      yield { column, from, to: at };
    }
    while (at < end && record[at] !== delimiter) at++;
  }
}
