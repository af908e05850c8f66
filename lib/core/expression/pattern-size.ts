import { ExpressionFault } from './fault.ts';
import type { ClassElement, PatternAlternative, PatternElement, Repetition } from './pattern-tree.ts';

/** RE2's own limit, also for repetitions within one another, where the counts are multiplied. */
export const MAX_REPETITIONS = 1000;

/** Refuses what RE2 would refuse only at night, as it compiles the pattern. Throws ExpressionFault. */
export function refuseTooLarge(alternatives: readonly Pick<PatternAlternative, 'elements'>[]): void {
  if (weightOfAll(alternatives, 1) > MAX_WEIGHT)
    throw new ExpressionFault('the pattern is too large: its parts are repeated too often', 0);
}

/** RE2 takes about 349,000 instructions. The weights below are never less than what it makes of a part. */
const MAX_WEIGHT = 340_000;
const BYTES_OF_A_CHARACTER = 4;
const CLASS = 10;
/** The bytes of a range beyond ASCII fall into several ranges. */
const RANGE_BEYOND_ASCII = 20;

function weightOfAll(alternatives: readonly Pick<PatternAlternative, 'elements'>[], times: number): number {
  return alternatives.reduce(
    (sum, { elements }) => elements.reduce((all, each) => all + weightOf(each, times), sum + 1),
    0,
  );
}

/** `times`: how often the repetitions around an element make RE2 write it. */
function weightOf(element: PatternElement, times: number): number {
  switch (element.type) {
    case 'Quantifier': {
      const copies = copiesOf(element);
      if (copies * times > MAX_REPETITIONS)
        throw new ExpressionFault(
          `repetitions within one another come to more than ${MAX_REPETITIONS} together`,
          element.start,
        );
      return copies * weightOf(element.element, copies * times) + 1;
    }
    case 'Group':
    case 'CapturingGroup':
      return weightOfAll(element.alternatives, times);
    case 'CharacterClass':
      return (element.elements as readonly ClassElement[]).reduce((sum, each) => sum + weightInClass(each), CLASS);
    case 'CharacterSet':
      return CLASS;
    default:
      return BYTES_OF_A_CHARACTER;
  }
}

function copiesOf({ min, max }: Repetition): number {
  return Math.max(1, max === Number.POSITIVE_INFINITY ? min : max);
}

function weightInClass(element: ClassElement): number {
  const last = element.type === 'CharacterClassRange' ? element.max : element;
  return last.type === 'Character' && last.value > 0x7f ? RANGE_BEYOND_ASCII : 4;
}
