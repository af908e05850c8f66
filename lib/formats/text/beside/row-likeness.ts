import type { ReadingColumn, ReadingSpec } from '../../../core/feed/reading-spec.ts';
import { traitsOf } from '../../../core/feed/values/type-traits.ts';
import type { RecordText } from '../../../core/records/record-text.ts';
import { rowReader } from '../row-reader.ts';

/** A line beside the records, read as if it were one. */
export interface LineAsRecord {
  /** A quoted field begins in it and does not end. */
  readonly isOpen: boolean;
  /** It is a record without a fault. */
  readonly isWhole: boolean;
  /** It is built as records are: it has the delimiter, or about their length. */
  readonly isBuiltAlike: boolean;
  /** The texts of its fields, as far as they can be told apart. */
  readonly fields: readonly string[];
}

/** `row`: the line is a row of the table. `broken`: it may be one that came damaged. */
export type RowLikeness = 'row' | 'broken' | undefined;

export interface RowShape {
  /** Names of the fields in their order. */
  readonly header: readonly string[];
  readonly format: RecordText;
  readonly reading: ReadingSpec;
  /** Fields of the shortest record, where those that are missing are null. */
  readonly fewest?: number | undefined;
}

/**
 * Makes the judge of lines beside the records: is it data after all? The key decides, because a footer or title has a word where the key stands, which no
 * number, date or uuid begins with. Where the key is any text, each line that is built as records are may be one.
 */
export function rowLikeness({ header, format, reading, fewest }: RowShape): (line: LineAsRecord) => RowLikeness {
  const read = rowReader(header, format, reading);
  const keys = keyPlaces(header, reading);
  const count = header.length;

  return (line) => {
    if (line.isOpen) return 'broken';
    if (!line.fields.some((text) => HAS_CONTENT.test(text))) return undefined;
    const missing = Math.max(0, count - line.fields.length);
    const isComplete = line.isWhole && line.fields.length <= count && missing <= count - (fewest ?? count);
    if (isComplete) {
      const { code, key, isFiltered } = read([...line.fields, ...Array<string>(missing).fill('')]);
      if (isFiltered) return undefined;
      if (code === undefined || key !== undefined) return 'row';
    }
    return isBroken(line, isComplete) ? 'broken' : undefined;
  };

  function isBroken(line: LineAsRecord, isComplete: boolean): boolean {
    if (!line.isBuiltAlike && count > 1)
      return keys.every(({ column }) => !isAnyText(column)) && read(line.fields).key !== undefined;
    const texts = keys.flatMap(({ column, place }) => {
      const text = line.fields[place];
      return text === undefined ? [] : [{ column, text }];
    });
    return texts.every(({ column, text }) => (text.trim() === '' ? isComplete : mayBeKey(column, text)));
  }
}

/** The columns of the key that files have, and where they stand in a record. Where there is none, the first field stands for it. */
export function keyPlaces(
  header: readonly string[],
  { columns }: ReadingSpec,
): { readonly column: ReadingColumn; readonly place: number }[] {
  const placed = columns
    .map((column) => ({ column, place: header.indexOf(column.name) }))
    .filter(({ place }) => place >= 0);
  const keys = placed.filter(({ column }) => column.key);
  return keys.length > 0 ? keys : placed.filter(({ place }) => place === Math.min(...placed.map((each) => each.place)));
}

/** Whether a text that is no value of the key's type may have been one. */
function mayBeKey(column: ReadingColumn, text: string): boolean {
  if (isAnyText(column) || column.type === 'boolean') return true;
  if (column.type === 'uuid') return /^\W*[0-9a-f]{3}/i.test(text);
  return /^[\s"'+\-.,]*\p{N}/u.test(text) || !/\p{L}/u.test(text);
}

function isAnyText({ type }: ReadingColumn): boolean {
  return traitsOf(type).isFree === true || type === 'bytea';
}

const HAS_CONTENT = /[\p{L}\p{N}]/u;
