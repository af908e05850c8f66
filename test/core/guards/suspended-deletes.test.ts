import { describe, expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { type Case, judged, names, nights, TONIGHT, verdictOf } from '../../support/nights/guarded-night.ts';

describe('deletes that are suspended', () => {
  const suspended = (before: readonly number[], guards = {}, footer?: true): Case => ({
    diff: { suspended: 4, rejected: { FIELD_COUNT: 1 }, ...(footer ? { footer } : {}) },
    guards,
    past: nights(10, (index) => ({ suspended: before[index] ?? 0 })),
  });
  const HELD = ['DELETES_SUSPENDED'];
  test.each<[string, Case, string[], string[]]>([
    ['for one night', suspended([]), [], []],
    ['for two nights', suspended([1]), [], HELD],
    ['for three nights', suspended([1, 1]), HELD, []],
    ['for many nights', suspended([1, 1, 9, 9, 9, 9]), HELD, []],
    ['again, after a night without', suspended([0, 1, 1]), [], []],
    ['for many nights of which nobody counted the rows', { ...suspended([]), past: nights(10, () => ({})) }, [], []],
    ['for two nights by option', suspended([1], { suspended: { nights: 2 } }), HELD, []],
    ['for one night by option', suspended([], { suspended: { nights: 1 } }), HELD, []],
    ['for four nights, warned of', suspended([1, 1, 1], { suspended: { severity: 'warn' } }), [], HELD],
    ['no longer', { ...suspended([1, 1, 1]), diff: { suspended: 0 } }, [], []],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });

  test('the correction of a date is the same night', () => {
    const twice = [TONIGHT, '2026-11-19'].map((date) => ({ date, measures: { tables: { items: { suspended: 1 } } } }));
    expect(names(judged({ ...suspended([]), past: twice }).warnings)).toEqual(HELD);
  });

  test('the hold says what the record looks like', () => {
    const [hold] = judged(suspended([1, 1], {}, true)).holds;
    expect(explainHold(hold!)).toBe(
      '3 nights in a row, rows stay that the vendor no longer sends, because the key of a rejected record cannot be read; it is the last record of its file and looks like a footer; a trailer or a filter in the feed file leaves such a record out, the option suspended says how many nights are too many',
    );
  });
});
