import type { GuessedCut } from './delimiter.ts';
import type { GuessedLayout } from './layout.ts';
import { splitText } from './split-text.ts';
import type { TextEnd } from './survey.ts';

/** The last line of a whole file as a pattern of the feed file, when it is no record; undefined when it is one. */
export function guessTrailer(
  { lines, last, before }: TextEnd,
  cut: GuessedCut,
  { header, preamble }: GuessedLayout,
): string | undefined {
  // Half of a quoted field is no line of its own.
  const isWithinQuotes = cut.quote !== '' && last.split(cut.quote).length % 2 === 0;
  if (isWithinQuotes || lines < 3 || fieldsIn(last, cut) === cut.fields) return undefined;
  if (fieldsIn(before, cut) !== cut.fields) return undefined;
  const rows = lines - 1 - preamble.length - (header ? 1 : 0);
  const count = new RegExp(`(?<![0-9])0*${rows}(?![0-9])`);
  const counted = count.exec(last);
  if (counted) return `${last.slice(0, counted.index)}{rows}${last.slice(counted.index + counted[0].length)}`;
  return last.replace(/\d[\d.,:/ -]*/g, '*') || undefined;
}

function fieldsIn(line: string, cut: GuessedCut): number {
  return splitText(line, cut, 1, true)[0]?.fields.length ?? 0;
}
