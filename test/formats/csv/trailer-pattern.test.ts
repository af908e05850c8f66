import { describe, expect, test } from 'vitest';
import { TrailerPattern } from '../../../lib/formats/csv/trailer-pattern.ts';

describe('reads the number', () => {
  test.each<[string, string, number | null]>([
    ['TRL,{rows}', 'TRL,20', 20],
    ['TRL,{rows}', 'TRL,', null],
    ['TRL,{rows}', 'TRL,20x', null],
    ['TRL,{rows}', 'XTRL,20', null],
    ['99{rows}', '9900000099', 99],
    ['{rows}99', '1299', 12],
    ['TRAILER*{rows}', 'TRAILER   0000012', 12],
    ['TRAILER*{rows}', 'TRAILER 7 12', null],
    ['{rows}*', '12 records', 12],
    ['{rows}*', '12 records of 13', null],
    ['*{rows}*', 'all 12 records', 12],
    ['T;{rows};*', 'T;12;2026-01-01;3', 12],
    ['T;*;{rows}', 'T;2026-01-01;12', 12],
    ['T;*;*{rows} rows', 'T;a;1;b;about 12 rows', 12],
    ['T*:{rows}*', 'T1:2:3 rows', 3],
    ['*{rows};*;END', 'about 12;3;4;END', 12],
    ['*{rows};*;END', 'about 12;END', null],
    ['**{rows}', 'a 5', 5],
    ['N{rows}', `N${'1'.repeat(16)}`, null],
    ['N*{rows}', `N${' '.repeat(5000)}1`, null],
  ])('%s in %s', (pattern, text, rows) => {
    expect(TrailerPattern.faultOf(pattern)).toBeUndefined();
    expect(new TrailerPattern(pattern).rowsIn(text)).toBe(rows);
  });
});

test.each([
  ['*,{rows},*', 'a * on each side'],
  ['A*B{rows}C*D', 'a * on each side'],
  ['*0{rows}', 'a digit beside'],
  ['{rows}0*', 'a digit beside'],
  ['{rows},{rows}', 'once'],
])('%s can be read in two ways', (pattern, reason) => {
  expect(TrailerPattern.faultOf(pattern)).toContain(reason);
});

test('takes linear time', () => {
  const start = performance.now();
  new TrailerPattern(`${'*a'.repeat(200)},{rows}`).rowsIn(`${'a'.repeat(4000)}x,1`);
  expect(performance.now() - start).toBeLessThan(200);
});
