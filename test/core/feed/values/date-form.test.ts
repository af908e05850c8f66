import { expect, test } from 'vitest';
import { unknownForm, withAnyDate, withDate } from '../../../../lib/core/feed/values/date-form.ts';

test.each([
  [
    '/out/{date}/x-{yyyymmdd}-{date}.csv',
    '/out/2026-03-07/x-20260307-2026-03-07.csv',
    '/out/????-??-??/x-????????-????-??-??.csv',
  ],
  ['stock_{ddmmyyyy}.csv', 'stock_07032026.csv', 'stock_????????.csv'],
  ['{yymmdd}', '260307', '??????'],
  ['{yyyy}/{mm}/{dd}', '2026/03/07', '????/??/??'],
  ['{date:DD-MON-YYYY}', '07-MAR-2026', '??-???-????'],
  ['{date:D.M.YY}', '7.3.26', '*.*.??'],
  ['{date:Mon}{date:mon}{date:MON}', 'MarmarMAR', '?????????'],
  ['{date:Month D, YYYY}', 'March 7, 2026', '* *, ????'],
  ['{date:MONTH}-{date:month}', 'MARCH-march', '*-*'],
  ['{date:MMDDYYYY}', '03072026', '????????'],
  ['{date:YYYY/MM/DD}', '2026/03/07', '????/??/??'],
  ['{n}, {}, {0f-a1}, {north}.csv', '{n}, {}, {0f-a1}, {north}.csv', '{n}, {}, {0f-a1}, {north}.csv'],
])('%s stands for the date, wherever and however often', (text, dated, any) => {
  expect(withDate(text, '2026-03-07')).toBe(dated);
  expect(withAnyDate(text)).toBe(any);
  expect(unknownForm(text)).toBeUndefined();
});

test.each([
  '{YYYYMMDD}',
  '{mmddyyyy}',
  '{yyyy-mm-dd}',
  '{Date}',
  '{date:}',
  '{date:yyyy}',
  '{date:HH}',
  '{date:-}',
  '{date:YYYY*}',
  '{N}',
  '{dd.mon.yyyy}',
])('%s looks like a date and is none', (form) => {
  expect(unknownForm(`a_${form}.csv`)).toBe(form);
});
