import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineLimit, baselineOf, isUnusual, type Learning } from '../../../lib/core/guards/baseline.ts';

const learning: Learning = { after: 7, width: 5, leastSpread: () => 0 };
const TONIGHT = '2026-11-20';

/** Whole numbers, so that sums are exact. */
const numbers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 7, maxLength: 60 });

/** One a day, back from yesterday. */
function nights(values: readonly number[]) {
  return values.map((value, index) => ({
    date: new Date(Date.parse(`${TONIGHT}T00:00:00Z`) - (index + 1) * 86_400_000).toISOString().slice(0, 10),
    value,
  }));
}

const usual = (values: readonly number[], more: Partial<Learning> = {}) =>
  baselineOf(nights(values), TONIGHT, { ...learning, ...more })!;

describe('what the last nights make usual', () => {
  test('is nothing before there are enough of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 6 }), (values) => {
        expect(baselineOf(nights(values), TONIGHT, learning)).toBeNull();
      }),
    );
  });

  test('does not depend on their order', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { weekday: _one, ...shuffled } = usual([...values].reverse());
        const { weekday: _other, ...straight } = usual(values);
        expect(shuffled).toEqual(straight);
      }),
    );
  });

  test('holds at least half of them', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { lowest, highest } = usual(values, { width: 1 });
        expect(values.filter((value) => value >= lowest && value <= highest).length * 2).toBeGreaterThanOrEqual(
          values.length,
        );
      }),
    );
  });

  test('moves with them', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -1000, max: 1000 }), (values, by) => {
        const [here, there] = [usual(values), usual(values.map((value) => value + by))];
        expect(there.median).toBeCloseTo(here.median + by, 6);
        expect(there.spread).toBeCloseTo(here.spread, 6);
      }),
    );
  });

  test('stays where it is when fewer than half of them are as odd as they like', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(-1e12, 1e12), (values, odd) => {
        const spoiled = Math.ceil(values.length / 2) - 1;
        const { median } = usual([...values.slice(spoiled), ...Array.from({ length: spoiled }, () => odd)]);
        expect(median).toBeGreaterThanOrEqual(Math.min(...values));
        expect(median).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  test('is never narrower than the least spread', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 1000 }), (values, least) => {
        const range = usual(values, { leastSpread: () => least });
        expect(isUnusual(range.median + 5 * least, range, 'rise')).toBe(false);
        expect(isUnusual(range.median - 5 * least, range, 'drop')).toBe(false);
      }),
    );
  });

  test('what lies beyond its limit is unusual, and nothing else', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -3_000_000, max: 3_000_000 }), (values, tonight) => {
        const range = usual(values);
        expect(isUnusual(tonight, range, 'rise')).toBe(tonight > baselineLimit(range, 'rise'));
        expect(isUnusual(tonight, range, 'drop')).toBe(tonight < baselineLimit(range, 'drop'));
      }),
    );
  });
});

describe('a weekly rhythm', () => {
  /** Four weeks in which the day of the week of tonight has 100, all others 1. */
  const rhythm = Array.from({ length: 28 }, (_, index) => ((index + 1) % 7 === 0 ? 100 : 1));
  const range = usual(rhythm, { leastSpread: () => 1 });

  test('is usual on its day', () => {
    expect(range).toMatchObject({ nights: 28, median: 1, weekday: { nights: 4, median: 100 } });
    expect(isUnusual(100, range, 'rise')).toBe(false);
    expect(isUnusual(106, range, 'rise')).toBe(true);
    expect(baselineLimit(range, 'rise')).toBe(105);
  });

  test('and a day that for once is like the others is not unusual either', () => {
    expect(isUnusual(1, range, 'drop')).toBe(false);
  });

  test('is unknown from two nights of a day', () => {
    expect(usual(rhythm.slice(0, 20)).weekday).toBeUndefined();
  });
});

test('median and spread, by hand', () => {
  expect(usual([1, 2, 3, 4, 5, 6, 100], { leastSpread: () => 0 })).toEqual({
    nights: 7,
    median: 4,
    spread: 1.4826 * 2,
    lowest: 4 - 5 * 1.4826 * 2,
    highest: 4 + 5 * 1.4826 * 2,
  });
});
