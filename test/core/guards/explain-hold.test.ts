import { describe, expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';

describe('in words', () => {
  const share = { table: 'items', unit: 'share' } as const;
  const usual = { nights: 26, median: 0.004, spread: 0.002, lowest: -0.006, highest: 0.014 };
  test.each<[Finding, string]>([
    [
      { ...share, guard: 'MASS_DELETE', value: 0.41, limit: 0.05 },
      '41.0 % of the rows are gone; at most 5.0 % is allowed',
    ],
    [
      { ...share, guard: 'MASS_DELETE', value: 0.03, limit: 0.014, basis: 'learned', usual },
      '3.0 % of the rows are gone; at most 1.4 % is usual (the last 26 nights: median 0.4 %, spread 0.2 %)',
    ],
    [
      {
        ...share,
        guard: 'MASS_UPDATE',
        value: 0.41,
        limit: 0.3,
        basis: 'fixed',
        usual: { ...usual, weekday: { ...usual, nights: 4, median: 0.09 } },
      },
      '41.0 % of the rows changed; at most 30.0 % is allowed (the last 26 nights: median 0.4 %, spread 0.2 %; the same day of the week: median 9.0 %)',
    ],
    [
      { ...share, guard: 'REJECTED_LIMIT', value: 0.00042, limit: 0.0003 },
      '0.042 % of the rows were rejected; at most 0.03 % is allowed',
    ],
    [
      { ...share, guard: 'NULL_SHARE', column: 'price', value: -0.5, limit: -0.05 },
      'the share of rows without price changed by -50.0 %; at least -5.0 % is allowed',
    ],
    [
      { table: null, unit: 'minutes', guard: 'DELIVERED_LATE', value: 95, limit: 30 },
      'the delivery was written 95 min after the night began; at most 30 min is allowed',
    ],
    [{ table: null, unit: 'count', guard: 'FILES_MISSING', value: 2, limit: 3 }, '2 files came; 3 are expected'],
    [
      { table: null, unit: 'count', guard: 'FILES_EXTRA', value: 4, limit: 3 },
      '4 files came; `expect` says 3 (with `links: ignore` in the source, links do not count)',
    ],
    [
      {
        table: 'items',
        unit: 'count',
        guard: 'FILES_UNUSUAL',
        value: 2,
        limit: 3.5,
        basis: 'learned',
        usual: { nights: 9, median: 4, spread: 0.1, lowest: 3.5, highest: 4.5 },
      },
      '2 file(s) came; at least 3.5 is usual (the last 9 nights: median 4, spread 0.1)',
    ],
    [
      { table: 'items', unit: 'count', guard: 'SCHEMA_ADD', column: '"size"', value: 1, limit: 0 },
      'not declared, and left out: "size"',
    ],
    [
      { table: 'items', unit: 'count', guard: 'RULE_BROKEN', rule: 'price.min', value: 3, limit: 0 },
      '3 new or changed rows break the rule price.min',
    ],
  ])('%j', (hold, words) => {
    expect(explainHold(hold)).toBe(words);
  });
});
