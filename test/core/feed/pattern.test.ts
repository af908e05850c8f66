import { describe, expect, test } from 'vitest';
import { matchesPattern, NamePattern } from '../../../lib/core/feed/pattern.ts';
import { cpuTime } from '../../support/cpu-time.ts';

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

test('a pattern of many stars is not slow', async () => {
  const match = () => expect(matchesPattern(`${'*a'.repeat(12)}b`, 'a'.repeat(200))).toBe(false);
  expect(await cpuTime(match)).toBeLessThan(1000);
});

describe('what a name says of its generation', () => {
  test.each([
    ['stock_{ddmmyyyy}.csv', 'stock_02012026.csv', { date: '2026-01-02', counter: null }],
    ['stock_{ddmmyyyy}.csv', 'stock_32012026.csv', undefined],
    ['stock_{ddmmyyyy}.csv', 'stock_30022026.csv', undefined],
    ['stock_{ddmmyyyy}.csv', 'stock_.csv', undefined],
    ['stock_{yymmdd}_*.csv', 'stock_260102_3.csv', { date: '2026-01-02', counter: null }],
    ['{yyyy}/{mm}', '2026/02', { date: '2026-02', counter: null }],
    ['{mm}-{yyyy}', '02-2026', { date: '2026-02', counter: null }],
    ['{date:DD-MON-YYYY}', '02-JAN-2026', { date: '2026-01-02', counter: null }],
    ['{date:DD-MON-YYYY}', '02-Jan-2026', undefined],
    ['{date:D-M-YYYY}', '12-1-2026', { date: '2026-01-12', counter: null }],
    ['*{date:D-M-YYYY}', 'x12-1-2026', 'ambiguous'],
    ['*{yyyymmdd}*', 'stock20260102.csv', { date: '2026-01-02', counter: null }],
    ['*{yymmdd}*', 'stock20101112.csv', 'ambiguous'],
    ['a_{date}_{yyyymmdd}', 'a_2026-01-02_20260102', { date: '2026-01-02', counter: null }],
    ['a_{date}_{yyyymmdd}', 'a_2026-01-02_20260103', undefined],
    ['stock_{n}.csv', 'stock_007.csv', { date: null, counter: '007' }],
    ['stock_{n}.csv', 'stock_.csv', undefined],
    ['stock_{n}*', 'stock_12_3.csv', { date: null, counter: '12' }],
    ['stock*{n}.csv', 'stock12.csv', { date: null, counter: '12' }],
    ['stock*{n}*', 'stock_1_2.csv', 'ambiguous'],
    ['stock_{yyyymmdd}{n}.csv', 'stock_20260102031500.csv', { date: '2026-01-02', counter: '031500' }],
    ['stock_{date}T{n}*', 'stock_2026-01-02T3-part-1.csv', { date: '2026-01-02', counter: '3' }],
  ])('%s: %s', (pattern, name, says) => {
    expect(new NamePattern(pattern).read(name)).toEqual(says);
  });
});

test('many stars, dates and a long name are not slow', async () => {
  const read = () => new NamePattern(`${'*{yymmdd}'.repeat(8)}*{n}*x`).read('1'.repeat(2000));
  expect(await cpuTime(read)).toBeLessThan(1000);
});
