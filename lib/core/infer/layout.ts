import { isNumberLike } from './column-sketch.ts';
import type { GuessedCut } from './delimiter.ts';
import type { CutRecord } from './split-text.ts';

/** What stands around the data of a delimited file. */
export interface GuessedLayout {
  readonly header: boolean;
  /** Lines before header or data. */
  readonly preamble: readonly string[];
  /** Beginning of lines that are comments. */
  readonly comment?: string;
  /** The column names, or made-up ones. */
  readonly names: readonly string[];
}

/** Lines before the data of which a vendor may write so many. */
const MAX_PREAMBLE = 30;

export function guessLayout({ records, fields }: GuessedCut): GuessedLayout {
  const isData = (record: CutRecord) => record.fields.length === fields;
  const isComment = (record: CutRecord) => !isData(record) && record.text.startsWith('#');
  const lines = records.filter((record) => !isComment(record));
  const start = lines.findIndex((record, index) => isData(record) && lines.slice(index, index + 3).every(isData));
  const first = start < 0 || start > MAX_PREAMBLE ? 0 : start;
  const preamble = lines.slice(0, first).map(({ text }) => text);
  const data = lines.slice(first).filter(isData);
  const header = hasHeader(data);
  return {
    header,
    preamble,
    ...(lines.length < records.length ? { comment: '#' } : {}),
    names: header ? data[0]!.fields : Array.from({ length: fields }, (_, index) => `column_${index + 1}`),
  };
}

/**
 * Whether the first record names columns: its fields are different words, and where a column has numbers or dates they begin in the
 * second record. In a table of nothing but words, whether its words come again.
 */
function hasHeader([first, ...others]: readonly CutRecord[]): boolean {
  if (first === undefined) return false;
  const names = first.fields.map((name) => name.trim());
  // Exports with a column of row names leave its name empty; the others may be numbers then, such as years.
  if (names[0] === '' && names.length > 1 && others.every(({ fields }) => fields[0] !== ''))
    return new Set(names).size === names.length;
  const isNamed = (name: string) => name !== '' && !isNumberLike(name) && name.length <= MAX_NAME;
  if (!names.every(isNamed)) return false;
  if (new Set(names).size < names.length) return false;
  if (others.length === 0) return true;
  const isTyped = (index: number) => others.every(({ fields }) => fields[index] === '' || isNumberLike(fields[index]!));
  if (names.some((_, index) => isTyped(index))) return true;
  const comesAgain = names.filter((name, index) => others.some(({ fields }) => fields[index]?.trim() === name)).length;
  if (comesAgain > 0) return false;
  return names.filter((name) => WORD.test(name)).length >= names.length / 2 || others.length > 5;
}

const MAX_NAME = 100;

/** As programs name columns. */
const WORD = /^[\p{L}_][\p{L}\p{N} _.\-/()%#]*$/u;
