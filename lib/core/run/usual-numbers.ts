import { compareRuns, type RunId } from './keys.ts';
import type { RunState } from './state.ts';

const counts = ['rows', 'inserted', 'updated', 'returned', 'gone', 'rejected'] as const;
type Count = (typeof counts)[number];

/** Of each count of a table, the lowest and the highest number that is usual. */
export type UsualCounts = Readonly<Partial<Record<Count, readonly [lowest: number, highest: number]>>>;

interface EarlierRun {
  readonly run: RunId;
  readonly state: RunState;
  readonly tables?: Readonly<Record<string, unknown>> | null;
}

/** Nights that have to be known, and how many of the last ones count. */
const LEAST_NIGHTS = 7;
export const MOST_NIGHTS = 28;

/**
 * What is usual of each table: the range of the last published nights before this one without the outer tenth on each side. A correction of a
 * date changes little, so only the first publication of each date counts. `runs` are newest first.
 */
export function usualNumbers(run: RunId, runs: readonly EarlierRun[]): Record<string, UsualCounts> {
  const firsts = new Map<string, EarlierRun>();
  for (const earlier of runs)
    if (earlier.state === 'published' && earlier.run.date < run.date && compareRuns(earlier.run, run) < 0)
      firsts.set(earlier.run.date, earlier);
  const nights = [...firsts.values()].slice(0, MOST_NIGHTS).map(({ tables }) => tables ?? {});
  const names = new Set(nights.flatMap((tables) => Object.keys(tables)));
  const usual = [...names].map((name) => [name, usualCounts(nights.flatMap((tables) => tables[name] ?? []))] as const);
  return Object.fromEntries(usual.filter(([, found]) => Object.keys(found).length > 0));
}

function usualCounts(nights: readonly unknown[]): UsualCounts {
  const ranges = counts.flatMap((count) => {
    const known = nights
      .map((numbers) => (numbers as Partial<Record<Count, unknown>>)[count])
      .filter((number) => typeof number === 'number')
      .sort((a, b) => a - b);
    if (known.length < LEAST_NIGHTS) return [];
    const outer = Math.floor(known.length / 10);
    return [[count, [known[outer]!, known[known.length - 1 - outer]!]] as const];
  });
  return Object.fromEntries(ranges);
}
