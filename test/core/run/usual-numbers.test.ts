import { expect, test } from 'vitest';
import { usualNumbers } from '../../../lib/core/run/usual-numbers.ts';

const run = (day: number, revision = 1) => ({
  feed: 'shop',
  date: `2026-11-${String(day).padStart(2, '0')}`,
  revision,
});
const published = (day: number, rows: number, revision = 1) => ({
  run: run(day, revision),
  state: 'published' as const,
  tables: { items: { rows, gone: 0, engine: 'duckdb' } },
});
/** Newest first, as the ledger lists them. */
const nights = (count: number) => Array.from({ length: count }, (_, day) => published(count - day, 100 + count - day));

test('seven published nights tell what is usual, six do not', () => {
  expect(usualNumbers(run(7), nights(6))).toEqual({});
  expect(usualNumbers(run(8), nights(7))).toEqual({ items: { rows: [101, 107], gone: [0, 0] } });
});

test('of twenty nights the two highest and the two lowest are left out', () => {
  expect(usualNumbers(run(21), nights(20)).items!.rows).toEqual([103, 118]);
});

test('neither the run itself, nor later ones, nor corrections, nor what was not published counts', () => {
  const others = [
    published(9, 1),
    published(8, 2),
    published(7, 3, 2),
    { ...published(3, 4), state: 'held' as const },
    { run: run(2), state: 'published' as const },
  ];
  expect(usualNumbers(run(8), [...others, ...nights(7)]).items!.rows).toEqual([101, 107]);
});
