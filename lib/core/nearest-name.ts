/** The name that differs from this text least, if by little; the first of several. */
export function nearestName(wrong: string, names: Iterable<string>): string | undefined {
  if (wrong.length > MAX_LENGTH) return undefined;
  let nearest: { readonly name: string; readonly steps: number } | undefined;
  for (const name of names) {
    const steps = stepsBetween(wrong, name);
    if (nearest === undefined || steps < nearest.steps) nearest = { name, steps };
  }
  return nearest && nearest.steps <= Math.max(1, wrong.length / 3) ? nearest.name : undefined;
}

/** No name is that long, and the work grows with the length. */
const MAX_LENGTH = 30;

/** How many characters have to be put in, left out or replaced. */
function stepsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, character] of [...a].entries()) {
    const here = [row + 1];
    for (let at = 0; at < b.length; at++)
      here.push(Math.min(here[at]! + 1, before[at + 1]! + 1, before[at]! + (character === b[at] ? 0 : 1)));
    before = here;
  }
  return before[b.length]!;
}
