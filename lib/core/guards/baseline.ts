/** What the nights before showed of one number. `lowest` and `highest` are the ends of what counts as usual. */
export interface Baseline extends Spread {
  /** Of the nights of the same day of the week, when there are enough: a weekly rhythm is nothing unusual. */
  readonly weekday?: Spread;
}

interface Spread {
  readonly nights: number;
  readonly median: number;
  readonly spread: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface Observed {
  /** Business date. */
  readonly date: string;
  readonly value: number;
}

export interface Learning {
  /** Nights that are needed at least. */
  readonly after: number;
  /** Spreads on each side of the median. */
  readonly width: number;
  /** The least spread, given the median: numbers that never changed must not make one that does unusual. */
  leastSpread(median: number): number;
}

/** Fewer say nothing about a day of the week; in four weeks there are four. */
const LEAST_WEEKDAYS = 3;

/**
 * The range of a number in which half of the nights may be as odd as they like without moving it: median and median
 * absolute deviation. null before there are enough nights.
 */
export function baselineOf(nights: readonly Observed[], date: string, learning: Learning): Baseline | null {
  if (nights.length < learning.after) return null;
  const sameDay = nights.filter((night) => weekdayOf(night.date) === weekdayOf(date));
  return {
    ...spreadOf(nights, learning),
    ...(sameDay.length >= LEAST_WEEKDAYS ? { weekday: spreadOf(sameDay, learning) } : {}),
  };
}

/** How far a number lies outside of what is usual, for every day or for this day of the week. */
export function isUnusual(value: number, usual: Baseline, side: 'drop' | 'rise'): boolean {
  const isOutside = ({ lowest, highest }: Spread) => (side === 'drop' ? value < lowest : value > highest);
  return isOutside(usual) && (usual.weekday === undefined || isOutside(usual.weekday));
}

/** The end of the usual range that a number on this side broke. */
export function baselineLimit(usual: Baseline, side: 'drop' | 'rise'): number {
  const ranges = [usual, ...(usual.weekday ? [usual.weekday] : [])];
  return side === 'drop'
    ? Math.min(...ranges.map(({ lowest }) => lowest))
    : Math.max(...ranges.map(({ highest }) => highest));
}

/** Makes the median absolute deviation what the standard deviation is, for numbers that scatter normally. */
const MAD_TO_DEVIATION = 1.4826;

function spreadOf(nights: readonly Observed[], { width, leastSpread }: Learning): Spread {
  const median = medianOf(nights.map(({ value }) => value));
  const deviation = MAD_TO_DEVIATION * medianOf(nights.map(({ value }) => Math.abs(value - median)));
  const spread = Math.max(deviation, leastSpread(median));
  return {
    nights: nights.length,
    median,
    spread,
    lowest: median - width * spread,
    highest: median + width * spread,
  };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
