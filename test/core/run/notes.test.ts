import { expect, test } from 'vitest';
import { notesOf } from '../../../lib/core/run/notes.ts';

const file = (name: string, ...notes: string[]) => ({ name, notes });

test('a note of every file stands once, one of some files with the first of them', () => {
  expect(notesOf([file('a.csv', 'odd', 'odd')])).toEqual(['odd']);
  expect(notesOf([file('a.csv', 'odd', 'torn'), file('b.csv', 'odd', 'late'), file('c.csv', 'odd', 'torn')])).toEqual([
    'odd',
    'torn (a.csv and 1 more)',
    'late (b.csv)',
  ]);
});

test('what a vendor wrote is shown, cut, and not without end', () => {
  expect(notesOf([file('a.csv', '\x1b[31mred')])).toEqual(['\\u{1b}[31mred']);
  const many = notesOf([file('a.csv', ...Array.from({ length: 14 }, (_, index) => `${index} ${'x'.repeat(9999)}`))]);
  expect(many).toHaveLength(11);
  expect(many.at(-1)).toBe('4 more notes stand in the receipt of pull');
  expect(many[0]!.length).toBeLessThanOrEqual(301);
});
