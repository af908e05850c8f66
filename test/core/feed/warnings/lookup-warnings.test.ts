import { expect, test } from 'vitest';
import { tableWarnings } from './table-warnings.ts';

const warnings = (column: object) => tableWarnings({ month: 'text', made: { type: 'text', ...column } });

test.each([
  "case month when 'JAN' then '01' when 'FEB' then '02' end",
  "'2026-' || case month when 'JAN' then '01' end || '-01'",
  "case when id = 'x' then case month when 'JAN' then '01' end else '00' end",
])('a list of words that makes null of every other one is warned of: %s', (as) => {
  expect(warnings({ as })).toEqual([expect.stringContaining('tables.t.columns.made.as: ')]);
});

test.each([
  [{ as: "case month when 'JAN' then '01' else null end" }],
  [{ as: "case month when 'JAN' then '01' end", required: true }],
  [{ as: "case when month = 'case x when' then '01' end" }],
  [{ as: "case month when 'JAN' then case when id = 'x' then '01' end else '02' end" }],
])('others are not: %j', (column) => {
  expect(warnings(column)).toEqual([]);
});
