import { type Cut, type CutRecord, splitText } from './split-text.ts';

export interface GuessedCut extends Cut {
  /** Fields of most records. */
  readonly fields: number;
  readonly records: readonly CutRecord[];
}

const delimiters = [',', ';', '\t', '|', '~', '^', ':', ' '];
const quotes = ['"', "'"];

/** Records that are looked at. */
const LOOKED_AT = 400;

/**
 * Finds the delimiter and quote under which the records of a text have the same number of fields, and fields look like values. null
 * when no delimiter cuts it: a text of one column.
 */
export function guessCut(text: string, isWhole: boolean): GuessedCut | null {
  let best: { readonly score: number; readonly cut: GuessedCut } | undefined;
  for (const quote of quotes) {
    if (quote !== '"' && !text.includes(quote)) continue;
    for (const cut of delimiters.flatMap((delimiter) => waysToCut(text, delimiter, quote))) {
      const records = splitText(text, cut, LOOKED_AT, isWhole);
      const fields = mostCommon(records.map((record) => record.fields.length));
      if (fields < 2) continue;
      const score = scoreOf(records, fields, cut);
      if (best === undefined || score > best.score + 1e-9) best = { score, cut: { ...cut, fields, records } };
    }
  }
  return best?.cut ?? null;
}

/** The plain way first; with an escape, or with blanks around quotes, only where the text has what asks for it. */
function waysToCut(text: string, delimiter: string, quote: string): Cut[] {
  if (!text.includes(delimiter)) return [];
  const plain = { delimiter, quote };
  const hasEscapes = text.includes(`\\${quote}`) || text.includes(`\\${delimiter}`);
  const hasBlanks = text.includes(`${delimiter} ${quote}`) || new RegExp(`[ \t]${quote}|${quote}[ \t]`).test(text);
  return [
    plain,
    ...(hasEscapes ? [{ ...plain, escape: '\\' }] : []),
    ...(hasBlanks && delimiter !== ' ' ? [{ ...plain, hasBlanks }] : []),
  ];
}

function scoreOf(records: readonly CutRecord[], fields: number, { delimiter, quote }: Cut): number {
  const fitting = records.filter((record) => record.fields.length === fields && !record.isMisquoted);
  const cells = fitting.flatMap((record) => record.fields);
  const clean = cells.filter((cell) => cell === '' || looksLikeValue.test(cell)).length / Math.max(1, cells.length);
  // Blanks, colons and the like stand within values: they need better reasons.
  const rank = COMMON.includes(delimiter) ? 1 : 0.6;
  if (isOtherwiseQuoted(fitting, quote)) return 0;
  return (fitting.length / records.length) ** 2 * (0.5 + clean / 2) * Math.log2(1 + fields) ** 0.5 * rank;
}

/** The fields of a record, or some of many records, are within other quotes. */
function isOtherwiseQuoted(records: readonly CutRecord[], quote: string): boolean {
  if (records[0]?.fields.every((cell) => /^'.*'$/.test(cell))) return true;
  return quote === "'" && records.some(({ fields }) => fields.some((cell) => cell.startsWith('"')));
}

const COMMON = [',', ';', '\t', '|'];

/** A number, a date, a word or two: no value that still holds what separates values. */
const looksLikeValue = /^[^,;\t|]*$/;

function mostCommon(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
