import { fitsWildcards } from '../wildcards.ts';
import { literal } from './pattern.ts';

/** Whether a text fits a pattern in which `%` is any text and `_` any character. */
export function isLike(text: string, pattern: string): boolean {
  return fitsWildcards(text, pattern, WILDCARDS);
}

const WILDCARDS = { anyText: '%', anyCharacter: '_' };

/** The same as a regular expression over the whole text, for an engine that reads a text only once. */
export function likePattern(pattern: string): string {
  return piecesOf(pattern)
    .map(({ written }) => written)
    .join(`${ANY}*`);
}

/**
 * The same for an engine that goes back and tries again, as Java's does. An atomic group keeps what it found: each piece at
 * the first place where it can stand, and for the last one the place from which it is as far to the end as it is long. Only
 * a class is repeated, never a group: Java calls itself for each change between characters of one and of two units in a group,
 * and some thousand of these overflow its stack.
 */
export function steadyLikePattern(pattern: string): string {
  const [first, ...others] = piecesOf(pattern);
  const last = others.pop();
  const middle = others.map(({ written }) => `(?>${ANY}*?${written})`);
  const end = last ? [`(?>${ANY}*(?=${ANY}{${last.length}}))${last.written}`] : [];
  return [first!.written, ...middle, ...end].join('');
}

/** Any character, line ends too. */
const ANY = '[\\s\\S]';

/** What stands around the `%`; the first and the last piece stand at the ends of the text. */
function piecesOf(pattern: string): { written: string; length: number }[] {
  return pattern.split(/%+/).map((piece) => {
    const letters = [...piece];
    return {
      written: letters.map((letter) => (letter === '_' ? ANY : literal(letter))).join(''),
      length: letters.length,
    };
  });
}
