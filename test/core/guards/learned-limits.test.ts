import { describe, expect, test } from 'vitest';
import { type Case, calm, judged, names, nights, schedule, verdictOf } from '../../support/nights/guarded-night.ts';

describe('limits learned', () => {
  test.each<[string, Case, string[], string[]]>([
    ['3 % gone where nothing ever was', { diff: { gone: 300 }, past: calm }, [], ['MASS_DELETE']],
    ['the same before there are seven nights', { diff: { gone: 300 }, past: calm.slice(0, 6) }, [], []],
    [
      'the same when it is to hold',
      { diff: { gone: 300 }, past: calm, guards: { gone: { learned: 'hold' } } },
      ['MASS_DELETE'],
      [],
    ],
    [
      'the same when it is not to learn',
      { diff: { gone: 300 }, past: calm, guards: { gone: { learned: 'off' } } },
      [],
      [],
    ],
    ['both limits, once, and the file holds', { diff: { gone: 3000 }, past: calm }, ['MASS_DELETE'], []],
    [
      'a warning of the file, what was learned holds',
      { diff: { gone: 3000 }, past: calm, guards: { gone: { severity: 'warn', learned: 'hold' } } },
      ['MASS_DELETE'],
      [],
    ],
    ['fewer files than ever', { past: nights(8, () => ({ files: 2 })) }, [], ['FILES_UNUSUAL']],
    ['more files than ever', { past: nights(8, () => ({ files: 0 })) }, [], ['FILES_UNUSUAL']],
    ['as many files as ever', { past: nights(8, () => ({ files: 1 })) }, [], []],
    ['files that are never the same number', { past: nights(8, (night) => ({ files: 1 + (night % 4) })) }, [], []],
    [
      'fewer files than ever, which is to hold',
      { past: nights(8, () => ({ files: 2 })), guards: { files: { learned: 'hold' } } },
      ['FILES_UNUSUAL'],
      [],
    ],
    [
      'fewer files than ever, which is not to learn',
      { past: nights(8, () => ({ files: 2 })), guards: { files: { learned: 'off' } } },
      [],
      [],
    ],
    ['one row where nothing ever changed', { diff: { gone: 1, inserted: 1 }, past: calm }, [], []],
    [
      'nine rows of a table of twelve, whatever nights were',
      {
        diff: { base: 12, accepted: 12, rows: 12, gone: 9, inserted: 9 },
        past: calm,
        guards: { min_rows: 0, gone: '100%' },
      },
      [],
      [],
    ],
    ['half as many updates again', { diff: { updated: 150 }, past: calm }, [], []],
    ['three times as many updates', { diff: { updated: 300 }, past: calm }, [], ['MASS_UPDATE']],
    ['fewer updates than ever', { diff: { updated: 0 }, past: calm }, [], []],
    ['fewer rows than usual', { diff: { accepted: 9700, rows: 9700 }, past: calm }, [], ['ROWCOUNT_DROP']],
    ['bytes that nobody limited', { diff: { bytes: { base: 1000, next: 1200 } }, past: calm }, [], ['BYTES_RISE']],
    [
      'a column that comes empty',
      { diff: { nulls: { price: { base: 0, next: 200 } } }, past: calm },
      [],
      ['NULL_SHARE price'],
    ],
    ['rejects far below the limit', { diff: { rejected: { SCALE: 9 } }, past: calm }, [], []],
    ['late for once', { feed: { schedule }, past: nights(9, () => ({}), -20) }, [], ['DELIVERED_LATE']],
    ['late as always', { feed: { schedule }, past: nights(9, () => ({}), 5) }, [], []],
    ['wider by option', { diff: { gone: 300 }, past: calm, feed: { guards: { learn: { width: 20 } } } }, [], []],
    [
      'sooner by option',
      { diff: { gone: 300 }, past: calm.slice(0, 3), feed: { guards: { learn: { after: 3 } } } },
      [],
      ['MASS_DELETE'],
    ],
  ])('%s', (_what, given, holds, warnings) => {
    expect(verdictOf(given)).toEqual([holds, warnings]);
  });

  test('only the last nights count', () => {
    const wild = nights(40, (index) => ({ gone: index < 28 ? 0 : 0.04 }));
    expect(names(judged({ diff: { gone: 300 }, past: wild }).warnings)).toEqual(['MASS_DELETE']);
    const feed = { guards: { learn: { nights: 366 } } };
    const rough = nights(80, (index) => ({ gone: index < 28 ? 0 : 0.04 }));
    expect(judged({ diff: { gone: 300 }, past: rough, feed }).warnings).toEqual([]);
  });

  test('a finding keeps what was learned, so that it can be explained in a year', () => {
    const [warning] = judged({ diff: { gone: 300 }, past: calm }).warnings;
    expect(warning).toEqual({
      table: 'items',
      guard: 'MASS_DELETE',
      value: 0.03,
      limit: 0.01,
      unit: 'share',
      basis: 'learned',
      usual: {
        nights: 28,
        median: 0,
        spread: 0.002,
        lowest: -0.01,
        highest: 0.01,
        weekday: { nights: 4, median: 0, spread: 0.002, lowest: -0.01, highest: 0.01 },
      },
    });
  });
});
