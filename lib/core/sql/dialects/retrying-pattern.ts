import {
  type ClassElement,
  type PatternAlternative,
  type PatternElement,
  patternAlternatives,
  type Repetition,
} from '../../expression/pattern-tree.ts';

/**
 * Whether an engine that goes back and tries again may need more than linear time for a pattern of `expression/pattern.ts`.
 * A repetition has one place to end where the character behind it is none of those repeated; and the last one may end
 * anywhere. A few alternatives are harmless too. Cautious: some that are harmless are taken for one that is not.
 */
export function mayRetry(pattern: string): boolean {
  const items = itemsOf(patternAlternatives(pattern));
  if (items.some(({ kind }) => kind === 'repeated group')) return true;
  const loops = items.filter(isLoop);
  const open = loops.filter((loop) => !endsBefore(items[items.indexOf(loop) + 1], loop));
  const isLast = open.every((loop) => loop === loops.at(-1));
  return !isLast || items.filter(({ kind }) => kind === 'bar').length > MAX_ALTERNATIVES;
}

/** Each may double the ways to read a text. */
const MAX_ALTERNATIVES = 6;

/** What a pattern consists of, in the order of its text. */
type Item = { readonly kind: 'bar' | 'parenthesis' | 'repeated group' } | Letter;

/** A character or a class. */
interface Letter {
  readonly kind: 'letter';
  readonly ranges: readonly Range[];
  readonly times?: Repetition;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function itemsOf(alternatives: readonly PatternAlternative[]): Item[] {
  return alternatives.flatMap(({ elements }, index): Item[] => [
    ...(index > 0 ? [{ kind: 'bar' } as const] : []),
    ...elements.flatMap(itemsOfElement),
  ]);
}

function itemsOfElement(element: PatternElement): Item[] {
  const parenthesis = { kind: 'parenthesis' } as const;
  if (element.type === 'Group') return [parenthesis, ...itemsOf(element.alternatives), parenthesis];
  if (element.type !== 'Quantifier') return [{ kind: 'letter', ranges: rangesOf(element) }];
  if (element.element.type === 'Group') return [{ kind: 'repeated group' }];
  return [{ kind: 'letter', ranges: rangesOf(element.element), times: element }];
}

/** What comes no times may be left out too. */
const isLoop = (item: Item): item is Letter =>
  item.kind === 'letter' && item.times !== undefined && (item.times.min !== item.times.max || item.times.max === 0);

/** Whether a character has to follow that is none of those that are repeated. */
function endsBefore(next: Item | undefined, loop: Letter): boolean {
  if (next?.kind !== 'letter' || next.times?.min === 0) return false;
  return !loop.ranges.some((a) => next.ranges.some((b) => a.from <= b.to && b.from <= a.to));
}

function rangesOf(element: PatternElement): Range[] {
  if (element.type !== 'CharacterClass') return [rangeOf(element as ClassElement)];
  const ranges = (element.elements as readonly ClassElement[]).map(rangeOf);
  return element.negate ? othersThan(ranges) : ranges;
}

/** `expression/pattern.ts` writes nothing but characters and ranges of them. */
function rangeOf(element: ClassElement): Range {
  if (element.type === 'CharacterClassRange') return { from: element.min.value, to: element.max.value };
  if (element.type === 'Character') return { from: element.value, to: element.value };
  throw new Error(`${element.raw} is not of a portable pattern`);
}

function othersThan(ranges: readonly Range[]): Range[] {
  const others: Range[] = [];
  let from = 0;
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from < range.from) others.push({ from, to: range.from - 1 });
    from = Math.max(from, range.to + 1);
  }
  return [...others, { from, to: LAST_CHARACTER }];
}

const LAST_CHARACTER = 0x10ffff;
