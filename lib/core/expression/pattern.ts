import { shownText } from '../shown-text.ts';
import { ExpressionFault } from './fault.ts';
import { type Meaning, patternsAreAlike } from './meaning.ts';
import { MAX_REPETITIONS, refuseTooLarge } from './pattern-size.ts';
import {
  type ClassElement,
  ONLY_PLAIN_GROUPS,
  type PatternAlternative,
  type PatternElement,
  patternAlternatives,
  type Repetition,
  refusedPattern,
} from './pattern-tree.ts';

/**
 * A regular expression over the whole text, in the part of the language that JavaScript, RE2 and Java read alike, written so
 * that none of them can read it otherwise. Throws ExpressionFault for anything else.
 */
export function portablePattern(written: string, meaning: Meaning): string {
  if (written.length > MAX_LENGTH)
    throw new ExpressionFault(`the pattern has ${written.length} characters; at most ${MAX_LENGTH} are allowed`, 0);
  const alternatives = withoutEnds(patternAlternatives(written));
  const pattern = new Writer(meaning).alternatives(alternatives);
  if (patternsAreAlike(meaning)) {
    if (!pattern.isWellFormed()) throw new ExpressionFault('half of a surrogate pair is not a character', 0);
    refuseTooLarge(alternatives);
  }
  return pattern;
}

/** Every ASCII character that could mean something is written by its number. */
export function literal(letter: string): string {
  const code = letter.codePointAt(0)!;
  if (code > 127 || /[A-Za-z0-9 ]/.test(letter)) return letter;
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

const MAX_LENGTH = 1000;
const MAX_DEPTH = 20;
const sets = { digit: '0-9', word: 'A-Za-z0-9_', space: ' \\t\\n\\r\\f' };

type Alternatives = readonly Pick<PatternAlternative, 'elements'>[];

/** The whole text has to fit anyway, so `^` and `$` around it add nothing. */
function withoutEnds(alternatives: readonly PatternAlternative[]): Alternatives {
  const [first, ...others] = alternatives;
  if (others.length > 0) return alternatives;
  const elements = first!.elements.filter((element, index, { length }) => {
    const isStart = index === 0 && element.type === 'Assertion' && element.kind === 'start';
    const isEnd = index === length - 1 && element.type === 'Assertion' && element.kind === 'end';
    return !isStart && !isEnd;
  });
  return [{ elements }];
}

class Writer {
  readonly #meaning: Meaning;
  #depth = 0;

  constructor(meaning: Meaning) {
    this.#meaning = meaning;
  }

  alternatives(alternatives: Alternatives): string {
    return alternatives.map(({ elements }) => elements.map((element) => this.#element(element)).join('')).join('|');
  }

  #element(element: PatternElement): string {
    switch (element.type) {
      case 'Quantifier':
        return this.#element(element.element) + this.#times(element);
      case 'Group':
      case 'CapturingGroup':
        return this.#group(element);
      case 'CharacterClass':
        if (element.elements.length === 0) throw new ExpressionFault('an empty class fits nothing', element.start);
        return `[${element.negate ? '^' : ''}${element.elements.map(ofClass).join('')}]`;
      case 'CharacterSet':
        return element.kind === 'any' ? '[^\\n]' : `[${ofClass(element)}]`;
      case 'Character':
        return ofClass(element);
      case 'Assertion':
        if (element.kind === 'start' || element.kind === 'end')
          throw new ExpressionFault(
            `${element.raw} stands only around a pattern without |: leave it out, the whole text has to fit anyway`,
            element.start,
          );
        throw notPortable(element);
      default:
        throw notPortable(element);
    }
  }

  #group(group: PatternElement & { type: 'Group' | 'CapturingGroup' }): string {
    if (group.raw.startsWith('(?') && !group.raw.startsWith('(?:'))
      throw refusedPattern(ONLY_PLAIN_GROUPS, group.start);
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw new ExpressionFault(`more than ${MAX_DEPTH} groups within one another`, group.start);
    const inner = this.alternatives(group.alternatives);
    this.#depth -= 1;
    return `(?:${inner})`;
  }

  #times(repetition: Repetition): string {
    const { min, max, greedy, raw, element, start } = repetition;
    if (!greedy) throw refusedPattern('a repetition of a repetition', start);
    if (min > MAX_REPETITIONS || (max > MAX_REPETITIONS && max !== Number.POSITIVE_INFINITY))
      throw new ExpressionFault(`at most ${MAX_REPETITIONS} repetitions are allowed`, start);
    const written = raw.slice(element.raw.length);
    // What DuckDB took it for.
    if (!patternsAreAlike(this.#meaning) && /\b0\d/.test(written)) return [...written].map(literal).join('');
    return /^[*+?]$/.test(written) ? written : `{${min}${min === max ? '' : max === Infinity ? ',' : `,${max}`}}`;
  }
}

function ofClass(element: ClassElement | (PatternElement & { type: 'Character' | 'CharacterSet' })): string {
  switch (element.type) {
    case 'Character':
      if (element.raw === '[') throw new ExpressionFault('[ within a class is written \\[', element.start);
      if (/^\\[^tnrf\W]/.test(element.raw)) throw notPortable(element);
      return literal(String.fromCodePoint(element.value));
    case 'CharacterClassRange':
      return `${ofClass(element.min)}-${ofClass(element.max)}`;
    case 'CharacterSet':
      if (element.kind === 'any' || element.kind === 'property' || element.negate) throw notPortable(element);
      return sets[element.kind];
    default:
      throw notPortable(element);
  }
}

function notPortable({ raw, start }: { readonly raw: string; readonly start: number }): ExpressionFault {
  return refusedPattern(`${shownText(raw, 40)} is not read alike everywhere`, start);
}
