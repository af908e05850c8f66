import { expect, test } from 'vitest';
import { type Neighbour, Neighbours } from '../../../lib/core/delivery/near-miss.ts';
import { withDate } from '../../../lib/core/feed/values/date-form.ts';

const missed = ['products_{yyyymmdd}*.csv', 'stock.csv'].map((written) => ({
  written,
  pattern: withDate(written, '2026-11-20'),
}));
const file = (name: string) => ({ name, kind: 'file' as const });
function explain(exists: boolean | null, ...entries: readonly Neighbour[]): string {
  const neighbours = new Neighbours(missed);
  for (const entry of entries) neighbours.see(entry);
  return neighbours.explain(exists);
}
const explained = (...entries: readonly Neighbour[]) => explain(true, ...entries);

test.each([
  [false, [], 'which does not exist'],
  [true, [], 'which is empty'],
  [null, [], 'where there is nothing'],
  [true, [file('.'), file('..'), file('readme.txt')], 'where there is "readme.txt"'],
] as const)('exists: %j, %j', (exists, entries, text) => {
  expect(explain(exists, ...entries)).toBe(text);
});

test('few of many names, and none that a terminal would obey', () => {
  const many = Array.from({ length: 300 }, (_, index) => file(`r${index}\u001b[31m${'x'.repeat(200)}`));
  const text = explained(...many);
  expect(text).toMatch(/^where there are "r0.*, "r4.* and 295 more$/);
  expect(text.length).toBeLessThan(700);
  expect(text).not.toContain('\u001b');
});

test.each([
  ['PRODUCTS_20261120.CSV', 'file', 'differs in upper and lower case, which source.ignore_case: true ignores'],
  ['Stock.csv', 'file', 'differs in upper and lower case, which source.ignore_case: true ignores'],
  ['stock.csv', 'link', 'is a link'],
  ['stock.csv', 'folder', 'is a folder'],
  ['products_20261120_1.csv.part', 'file', 'looks like a file that is still being sent'],
  ['stock.csv.filepart', 'file', 'looks like a file that is still being sent'],
  ['stock.csv.TMP', 'file', 'looks like a file that is still being sent'],
  ['.stock.csv.Ab3dEf', 'file', 'looks like a file that is still being sent'],
  ['_stock.csv', 'file', 'looks like a file that is still being sent'],
  ['products_20261119.csv', 'file', 'has another date'],
] as const)('%s, a %s', (name, kind, why) => {
  expect(explained({ name, kind })).toBe(`where there is "${name}"; "${name}" ${why}`);
});

test.each(['products_2026.csv', 'stocks.csv', 'readme.txt', 'part'])('%s is no near miss', (name) => {
  expect(explained(file(name))).toBe(`where there is "${name}"`);
});
