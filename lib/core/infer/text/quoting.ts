import type { GuessedCut } from './delimiter.ts';
import { splitText } from './split-text.ts';

interface GuessedQuoting {
  readonly options: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];
}

/** What a feed file has to say of escapes, and of quotes where others would not write them. */
export function guessQuoting(text: string, cut: GuessedCut): GuessedQuoting {
  if (cut.escape !== undefined) {
    const isMysql = hasLetters(text, cut);
    return {
      options: { escape: isMysql ? 'mysql' : cut.escape },
      reasons: [
        isMysql ? 'a backslash stands before quotes and letters' : 'a backslash stands before quotes or delimiters',
      ],
    };
  }
  if (cut.hasBlanks === true)
    return { options: { blanks_around_quotes: true }, reasons: ['blanks stand around quoted fields'] };
  const odd = cut.records.filter(({ isMisquoted }) => isMisquoted);
  if (odd.length === 0 || cut.quote === '' || !odd.every((record) => isReadableWithout(record.text, cut)))
    return { options: {}, reasons: [] };
  return {
    options: { quotes: 'lazy' },
    reasons: [`a quote is text in ${odd.length} of ${cut.records.length} records`],
  };
}

/** Letters behind a backslash that MySQL writes for line ends, nulls and the like, and nothing beside these. */
function hasLetters(text: string, { quote, delimiter }: GuessedCut): boolean {
  const marked = new Set([...text.matchAll(/\\(.)/gs)].map(([, character]) => character!));
  const letters = [...marked].filter((character) => !['\\', quote, delimiter, '\n', '\r'].includes(character));
  return letters.length > 0 && letters.every((letter) => '0bnrtZN'.includes(letter));
}

/** Whether delimiters alone cut the record, so that its quotes can only be text. */
function isReadableWithout(record: string, { delimiter, fields }: GuessedCut): boolean {
  return splitText(record, { delimiter, quote: '' }, 1, true)[0]?.fields.length === fields;
}
