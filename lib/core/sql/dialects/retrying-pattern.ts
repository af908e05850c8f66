/**
 * Whether an engine that goes back and tries again may need more than linear time for a pattern of `expression/pattern.ts`.
 * A repetition has one place to end where the character behind it is none of those repeated; and the last one may end
 * anywhere. A few alternatives are harmless too. Cautious: some that are harmless are taken for one that is not.
 */
export function mayRetry(pattern: string): boolean {
  const items = [...pattern.matchAll(ITEM)].map(([, bar, close, atom, times]) => ({ bar, close, atom, times }));
  if (items.some(({ close, times }) => close !== undefined && times !== undefined)) return true;
  const loops = [...items.entries()].filter(([, { times }]) => isLoop(times));
  const open = loops.filter(([index, { atom }]) => !endsBefore(items[index + 1], atom!, pattern));
  const isLast = open.length === 0 || (open.length === 1 && open[0]![0] === loops.at(-1)![0]);
  return !isLast || items.filter(({ bar }) => bar !== undefined).length > MAX_ALTERNATIVES;
}

/** Each may double the ways to read a text. */
const MAX_ALTERNATIVES = 6;

/** A bar, a parenthesis, or a character or class, with how often it comes. */
const ITEM = /(\|)|\(\?:|(?:(\))|(\[(?:\\.|[^\]\\])+\]|\\x[0-9a-f]{2}|\\[tnrf]|[\s\S]))([*+?]|\{[\d,]+\})?/gu;

/** What comes no times may be left out too. */
const isLoop = (times: string | undefined) => times !== undefined && !/^\{0*[1-9]\d*\}$/.test(times);

interface Item {
  readonly atom: string | undefined;
  readonly times: string | undefined;
}

/** Whether a character has to follow that is none of those that are repeated. */
function endsBefore(next: Item | undefined, atom: string, pattern: string): boolean {
  if (next?.atom === undefined || (isLoop(next.times) && next.times !== '+')) return false;
  const [repeated, following] = [atom, next.atom].map((each) => new RegExp(`^${each}$`, 'u')) as [RegExp, RegExp];
  return ![...ASCII, ...pattern, BEYOND].some((letter) => repeated.test(letter) && following.test(letter));
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** Stands for all that only a negated class names. */
const BEYOND = '\u{10ffff}';
