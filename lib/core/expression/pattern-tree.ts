import { type AST, RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp';
import { ExpressionFault } from './fault.ts';

export type PatternAlternative = AST.Alternative;
export type PatternElement = AST.Element;
export type ClassElement = AST.CharacterClassElement;
export type Repetition = AST.Quantifier;

/** The alternatives of a regular expression, as JavaScript reads it with the flag `u`. Throws ExpressionFault. */
export function patternAlternatives(written: string): readonly PatternAlternative[] {
  const source = withoutNeedlessBackslashes(written);
  try {
    return new RegExpParser().parsePattern(source, 0, source.length, { unicode: true }).alternatives;
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    throw refusedPattern(reasonOf(error), error.index);
  }
}

export const ONLY_PLAIN_GROUPS = 'of the groups with ? only (?: ) is allowed';

/** `at`: the place in the pattern, from 0. */
export function refusedPattern(reason: string, at: number): ExpressionFault {
  const allowed = 'characters, . [ ] ( ) (?: ) | ? * + {n,m} and \\d \\w \\s \\t \\n \\r \\f';
  return new ExpressionFault(`${reason}; allowed are ${allowed}`, at);
}

/** With the flag `u` a backslash stands only where it changes something. People also write `\@` and `a\-b`. */
function withoutNeedlessBackslashes(written: string): string {
  return written.replace(CLASS_OR_ESCAPE, (part) => {
    const isNeeded = (letter: string) => MAY_MEAN_SOMETHING.test(letter) || (part.startsWith('[') && letter === '-');
    return part.replace(ESCAPE, (whole, letter: string) => (isNeeded(letter) ? whole : letter));
  });
}

const CLASS_OR_ESCAPE = /\[(?:\\.|[^\]\\])*|\\./gsu;
const ESCAPE = /\\(.)/gsu;
const MAY_MEAN_SOMETHING = /[A-Za-z0-9^$\\.*+?()[\]{}|/]/;

/** The parser's message repeats the whole pattern before the reason. */
function reasonOf({ message }: RegExpSyntaxError): string {
  const reason = message.slice(message.lastIndexOf(': ') + 2);
  if (reason === 'Invalid group') return ONLY_PLAIN_GROUPS;
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
