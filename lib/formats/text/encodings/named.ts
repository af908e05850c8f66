import { type EncodingName, encodingNames, encodings } from './names.ts';

/** The encoding of this name, however it is spelt. */
export function encodingNamed(text: string): EncodingName | undefined {
  return spellings.get(bare(text));
}

/** The encoding whose name differs from this text least, if by little. */
export function encodingLike(text: string): EncodingName | undefined {
  const wrong = bare(text);
  if (wrong.length > 30) return undefined;
  const found = [...spellings].map(([spelling, name]) => ({ name, steps: stepsBetween(wrong, spelling) }));
  const nearest = found.reduce((best, each) => (each.steps < best.steps ? each : best));
  return nearest.steps <= Math.max(1, wrong.length / 3) ? nearest.name : undefined;
}

const spellings = new Map(
  encodingNames.flatMap((name) => [name, ...encodings[name].also].map((spelling) => [bare(spelling), name] as const)),
);

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, '');
}

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
