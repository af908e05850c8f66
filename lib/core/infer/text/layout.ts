import type { GuessedCut } from './delimiter.ts';
import { guessHeader } from './header.ts';
import type { CutRecord } from './split-text.ts';

/** What stands around the data of a delimited file. */
export interface GuessedLayout {
  readonly header: boolean;
  /** Whether the first record names the columns cannot be told for sure. */
  readonly isHeaderDoubtful: boolean;
  /** The first record as it stands. */
  readonly first: string;
  /** Lines before header or data. */
  readonly preamble: readonly string[];
  /** Beginning of lines that are comments. */
  readonly comment?: string;
  /** The column names, or made-up ones. */
  readonly names: readonly string[];
}

/** Lines before the data of which a vendor may write so many. */
const MAX_PREAMBLE = 30;

/** `told` is what a person said of a header. */
export function guessLayout({ records, fields }: GuessedCut, told?: boolean): GuessedLayout {
  const isData = (record: CutRecord) => record.fields.length === fields;
  // One that has the fields of a record may be the header; but where others are comments, the night will leave it out with them.
  const hasComments = records.some((record) => !isData(record) && record.text.startsWith('#'));
  const isComment = (record: CutRecord) => hasComments && record.text.startsWith('#');
  const lines = records.filter((record) => !isComment(record));
  const start = lines.findIndex((record, index) => isData(record) && lines.slice(index, index + 3).every(isData));
  const first = start < 0 || start > MAX_PREAMBLE ? 0 : start;
  const preamble = lines.slice(0, first).map(({ text }) => text);
  const data = lines.slice(first).filter(isData);
  const { isThere, isDoubtful } = guessHeader(data);
  const header = told ?? isThere;
  return {
    header,
    isHeaderDoubtful: told === undefined && isDoubtful,
    first: data[0]?.text ?? '',
    preamble,
    ...(lines.length < records.length ? { comment: '#' } : {}),
    names: header ? data[0]!.fields : Array.from({ length: fields }, (_, index) => `column_${index + 1}`),
  };
}
