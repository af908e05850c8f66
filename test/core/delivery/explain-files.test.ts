import { expect, test } from 'vitest';
import { explainFiles, shownFiles } from '../../../lib/core/delivery/explain-files.ts';

const names = (count: number, start: string) => Array.from({ length: count }, (_, index) => `${start}${index}.csv`);

test('a few names are listed, with nothing hidden in them', () => {
  const choice = shownFiles({ picked: ['a\u202e.csv'], left_out: names(6, 'b') });
  expect(choice).toEqual({ picked: ['a\\u{202e}.csv'], left_out: names(6, 'b') });
  expect(explainFiles(choice)).toBe('from a\\u{202e}.csv; left out: b0.csv, b1.csv, b2.csv, b3.csv, b4.csv and 1 more');
});

test('of a hundred thousand names the ledger has the first, and how many there are', () => {
  const choice = shownFiles({ picked: names(100_000, 'a'), left_out: names(1001, 'b') });
  expect([choice.picked.length, choice.left_out.length]).toEqual([1000, 1000]);
  expect(choice.more).toEqual({ picked: 99_000, left_out: 1 });
  expect(explainFiles(choice)).toContain('a4.csv and 99995 more; left out: b0.csv');
});
