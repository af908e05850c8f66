import type { ReadingColumn } from '../../feed/reading-spec.ts';
import { cleaned } from '../../feed/values/clean-text.ts';
import { isTextual } from '../../feed/values/type-traits.ts';
import { parseValue } from '../../feed/values/value.ts';
import { FieldForm } from '../field-form.ts';
import { isNull, splitRecord } from '../fields.ts';
import { type RecordSyntax, recordSyntaxOf } from '../record-syntax.ts';
import type { RecordText } from '../record-text.ts';

/** How much a line looks like a record of the table: 2 much, 1 little, 0 not at all. */
type Likeness = 0 | 1 | 2;

/** Number of first fields from which the form of the others is learned. */
const LEARNED = 200;

/** Tells lines that look like records of a table from other text. */
export class RecordLikeness {
  /** Whether it still learns from records. */
  isCurious = true;
  readonly #columns: readonly (ReadingColumn | undefined)[];
  readonly #format: RecordText;
  readonly #dialect: RecordSyntax;
  readonly #firsts = new FieldForm();
  #learned = 0;

  /** `header` has the columns in file order. Columns that are not declared are not looked at. */
  constructor(header: readonly string[], columns: readonly ReadingColumn[], format: RecordText) {
    this.#columns = header.map((name) => columns.find((column) => column.name === name));
    this.#format = format;
    this.#dialect = recordSyntaxOf(format);
  }

  /** Learns from a well-formed record. */
  learn(record: Buffer): void {
    const first = splitRecord(record, this.#dialect)[0]!.text;
    // A first field with several lines may itself have swallowed records.
    if (/[\r\n]/.test(first)) return;
    this.isCurious = ++this.#learned < LEARNED;
    this.#firsts.learn(first);
  }

  /**
   * A line looks like a record when it has as many fields, each readable as its type, and a first field like those of other records. Where hardly
   * a field has another type than text, prose with commas can look like that too, so it counts little.
   */
  of(line: Buffer): Likeness {
    if (delimitersOutside(line, this.#dialect) !== this.#columns.length - 1) return 0;
    const fields = splitRecord(line, this.#dialect);
    if (fields.length !== this.#columns.length || fields[0]!.text === '') return 0;
    const isText = isTextual(this.#columns[0]?.type ?? 'text');
    if (isText && this.#learned > 0 && !this.#firsts.fits(fields[0]!.text)) return 0;
    let typed = 0;
    for (const [index, column] of this.#columns.entries()) {
      if (column === undefined || isTextual(column.type)) continue;
      const field = fields[index]!;
      const raw = cleaned(column, isNull(field, this.#format) ? null : field.text);
      if (raw === null) continue;
      if (parseValue(column, raw).code !== undefined) return 0;
      typed += 1;
    }
    return typed >= 2 || (typed === 1 && fields.length >= 3) ? 2 : 1;
  }
}

function delimitersOutside(line: Buffer, { delimiter, quote }: RecordSyntax): number {
  let found = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]!;
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === delimiter && !isQuoted) found++;
  }
  return found;
}
