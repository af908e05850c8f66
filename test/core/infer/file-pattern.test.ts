import { expect, test } from 'vitest';
import { matchesPattern } from '../../../lib/core/feed/pattern.ts';
import { withDate } from '../../../lib/core/feed/values/date-form.ts';
import { guessPattern, tableNameOf } from '../../../lib/core/infer/file-pattern.ts';

test.each([
  ['products.csv', 'products.csv', null, 'products'],
  ['products_20261120.csv.gz', 'products_{yyyymmdd}.csv.gz', '2026-11-20', 'products'],
  ['Kunden-2026-11-20.txt', 'Kunden-{date}.txt', '2026-11-20', 'kunden'],
  ['2026_11_20 Stock Levels.csv', '{date:YYYY_MM_DD} Stock Levels.csv', '2026-11-20', 'stock_levels'],
  ['export_20261120T023011.csv', 'export_{yyyymmdd}*.csv', '2026-11-20', 'export'],
  ['orders-part-0003.csv', 'orders-part-0003.csv', null, 'orders'],
  ['98765432.csv', '98765432.csv', null, 't'],
  ['Größe.csv', 'Größe.csv', null, 'gro_e'],
])('%s', (name, pattern, date, table) => {
  expect([guessPattern(name), tableNameOf(name)]).toEqual([{ pattern, date }, table]);
  if (date !== null) expect(matchesPattern(withDate(pattern, date), name)).toBe(true);
});
