import { z } from 'zod';
import { type Stored, storedCount } from '../objects/stored.ts';

const spreadSchema = z.object({
  nights: storedCount,
  median: z.number(),
  spread: z.number(),
  lowest: z.number(),
  highest: z.number(),
});

type Spread = Stored<typeof spreadSchema>;

export const baselineSchema = spreadSchema.extend({
  /** The same for nights on the same day of the week, if there are enough of them, because a weekly rhythm is usual. */
  weekday: spreadSchema.exactOptional(),
});

/** What earlier nights showed of one metric. `lowest` and `highest` are the ends of the usual range. */
export type Baseline = Stored<typeof baselineSchema>;

export interface Observed {
  /** Business date. */
  readonly date: string;
  readonly value: number;
}

export interface Learning {
  /** Least number of nights. */
  readonly after: number;
  /** Width of the range, in spreads on each side of the median. */
  readonly width: number;
  /** The least spread for a median. Without it, the first change of a constant number would be unusual. */
  leastSpread(median: number): number;
}

/** Least number of nights of one day of the week; four weeks have four. */
const LEAST_WEEKDAYS = 3;

/**
 * The baseline of a metric by median and median absolute deviation: up to half of the nights may be outliers without
 * moving it. null before there are enough nights.
 */
export function baselineOf(nights: readonly Observed[], date: string, learning: Learning): Baseline | null {
  if (nights.length < learning.after) return null;
  const sameDay = nights.filter((night) => weekdayOf(night.date) === weekdayOf(date));
  return {
    ...spreadOf(nights, learning),
    ...(sameDay.length >= LEAST_WEEKDAYS ? { weekday: spreadOf(sameDay, learning) } : {}),
  };
}

/** Whether a number is outside the usual range, of all days and of this day of the week. */
export function isUnusual(value: number, usual: Baseline, side: 'drop' | 'rise'): boolean {
  const isOutside = ({ lowest, highest }: Spread) => (side === 'drop' ? value < lowest : value > highest);
  return isOutside(usual) && (usual.weekday === undefined || isOutside(usual.weekday));
}

/** The end of the usual range on this side. */
export function baselineLimit(usual: Baseline, side: 'drop' | 'rise'): number {
  const ranges = [usual, ...(usual.weekday ? [usual.weekday] : [])];
  return side === 'drop'
    ? Math.min(...ranges.map(({ lowest }) => lowest))
    : Math.max(...ranges.map(({ highest }) => highest));
}

/** Factor from median absolute deviation to standard deviation of a normal distribution. */
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
