import { describe, expect, test } from 'vitest';
import { LinePattern } from '../../../../lib/formats/text/beside/line-pattern.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

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
    ['{rows+1} lines', '13 lines', 12],
    ['{rows+2} lines', '1 lines', null],
    ['T,{rows:,}', 'T,1,234,567', 1_234_567],
    ['T,{rows:,}', 'T,1234', 1234],
    ['T,{rows:,}', 'T,12,34', null],
    ['T,{rows:,}', 'T,1,2345', null],
    ["all {rows+1:'}*", "all 1'001, no more", 1000],
    ['*{rows:,}*', 'all, or 1,234, rows', 1234],
    ['*{rows: }', 'all 1 234', 1234],
    ['N{rows}', `N${'1'.repeat(16)}`, null],
    ['N*{rows}', `N${' '.repeat(5000)}1`, null],
  ])('%s in %s', (pattern, text, rows) => {
    expect(LinePattern.faultOf(pattern)).toBeUndefined();
    expect(new LinePattern(pattern).match(text)?.rows ?? null).toBe(rows);
  });
});

test.each([
  ['TOTAL*', 'TOTAL', true],
  ['TOTAL*', 'TOTAL;;12', true],
  ['TOTAL*', 'SUBTOTAL', false],
  ['-- end --', '-- end --', true],
  ['-- end --', '-- end -- ', false],
  ['*a*a', 'ba', false],
  ['*a*a', 'aba', true],
  ['a*a', 'a', false],
])('without a number: %s in %s', (pattern, text, fits) => {
  expect(LinePattern.faultOf(pattern)).toBeUndefined();
  expect(new LinePattern(pattern).match(text)).toEqual(fits ? { rows: null } : undefined);
});

test.each([
  ['*,{rows},*', 'a * on each side'],
  ['A*B{rows}C*D', 'a * on each side'],
  ['*0{rows}', 'stands beside'],
  ['{rows}0*', 'stands beside'],
  ['T*,{rows:,}', 'stands beside'],
  ['{row}s {rows', 'cannot read {row};'],
  ['T,{rows-1}', 'cannot read {rows-1}'],
  ['T,{rows:_}', 'cannot read {rows:_}'],
  ['{rows},{rows}', 'once'],
])('%s can be read in two ways', (pattern, reason) => {
  expect(LinePattern.faultOf(pattern)).toContain(reason);
});

test('takes linear time', async () => {
  const match = () => new LinePattern(`${'*a'.repeat(200)},{rows}`).match(`${'a'.repeat(4000)}x,1`);
  expect(await cpuTime(match)).toBeLessThan(400);
});
