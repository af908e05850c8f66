/** Fields at fixed places, and what each line has in them. */
export interface GuessedPlaces {
  readonly fields: readonly { readonly start: number; readonly length: number }[];
  readonly records: readonly (readonly string[])[];
}

/** Lines from which on blanks at one place are no chance. */
const ENOUGH = 10;
/** Lines that are looked at. */
const MOST = 400;

/**
 * Where fields stand, when blanks tell it for sure: in all lines at the same places, with each field at one edge of its place, so that it
 * is certain to which field a longer value of tomorrow would belong. `unsure` when lines only look so; undefined for other texts.
 */
export function guessPlaces(text: string): GuessedPlaces | 'unsure' | undefined {
  const lines = text.split(/\r?\n/, MOST + 1).slice(0, -1);
  const [first = ''] = lines;
  if (lines.length < ENOUGH || first === '' || text.includes('\t')) return undefined;
  if (lines.some((line) => line.length !== first.length) || !lines.some((line) => / {2}\S/.test(line)))
    return undefined;
  const runs = runsOf(Array.from(first, (_, at) => lines.every((line) => line[at] === ' ')));
  if (runs.length < 2) return undefined;
  const sides = runs.map((run) => sideOf(run, lines));
  const starts = [0];
  for (let next = 1; next < runs.length; next += 1) {
    const [end, begin] = [runs[next - 1]!.end, runs[next]!.start];
    const [before, behind] = [sides[next - 1], sides[next]];
    if (before === undefined || behind === undefined) return 'unsure';
    // A gap between a text at the left and a number at the right could be either's.
    if (before === 'left' && behind === 'right' && begin - end > 1) return 'unsure';
    starts.push(behind === 'right' && before !== 'left' ? end : begin);
  }
  const ends = [...starts.slice(1), first.length];
  const fields = starts.map((start, index) => ({ start: start + 1, length: ends[index]! - start }));
  return { fields, records: lines.map((line) => starts.map((start, index) => line.slice(start, ends[index]).trim())) };
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function runsOf(isBlank: readonly boolean[]): Run[] {
  const found: Run[] = [];
  for (let at = 0; at < isBlank.length; at += 1) {
    if (isBlank[at]) continue;
    const start = at;
    while (at < isBlank.length && !isBlank[at]) at += 1;
    found.push({ start, end: at });
  }
  return found;
}

/** The edge at which all values of a field stand. */
function sideOf({ start, end }: Run, lines: readonly string[]): 'left' | 'right' | undefined {
  const values = lines.map((line) => line.slice(start, end)).filter((value) => value.trim() !== '');
  if (values.every((value) => !value.startsWith(' '))) return 'left';
  return values.every((value) => !value.endsWith(' ')) ? 'right' : undefined;
}
