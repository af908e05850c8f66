import { expect, test } from 'vitest';
import { matchesPattern } from '../../../lib/core/feed/pattern.ts';

test.each([
  ['products*.csv', 'products-1.csv', true],
  ['products*.csv', 'products.csv', true],
  ['products*.csv', 'products.csv.gz', false],
  ['products*.csv', 'old-products.csv', false],
  ['part-?.csv', 'part-1.csv', true],
  ['part-?.csv', 'part-10.csv', false],
  ['part-?.csv', 'part-.csv', false],
  ['a.csv', 'abcsv', false],
  ['a+(b)[c].csv', 'a+(b)[c].csv', true],
  ['*', 'two\nlines', true],
  ['Items.csv', 'items.csv', false],
  ['*a*b*c*', 'xxaxxbxxcxx', true],
])('%s fits %j: %s', (pattern, name, fits) => {
  expect(matchesPattern(pattern, name)).toBe(fits);
});

test('a pattern of many stars is not slow', () => {
  const start = performance.now();
  expect(matchesPattern(`${'*a'.repeat(12)}b`, 'a'.repeat(200))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});
