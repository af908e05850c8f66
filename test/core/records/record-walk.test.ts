import { expect, test } from 'vitest';
import { MORE, RecordEndFinder } from '../../../lib/core/records/record-end.ts';
import { RecordWalk } from '../../../lib/core/records/record-walk.ts';

const dialect = { delimiter: 44, quote: 34 };

test('a walk that is asked again before it is fed stays where it is', () => {
  const walk = new RecordWalk({ dialect, recordEnd: '\n', fields: 2 });
  walk.feed(Buffer.from('1,a\n2,'));
  expect([walk.next(), walk.next(), walk.next()]).toEqual([true, false, false]);
  walk.feed(Buffer.from('b\n'));
  expect(walk.next()).toBe(true);
  expect([walk.count, walk.start, walk.end, walk.bytes().toString()]).toEqual([2, 4, 8, '2,b\n']);
});

test('a finder is between records where the bytes end with one', () => {
  const finder = new RecordEndFinder(dialect, '\n');
  expect([finder.find(Buffer.from('1,a\n'), 0), finder.find(Buffer.from('1,a\n'), 4)]).toEqual([4, MORE]);
  expect(finder.midRecord).toBe(false);
  expect([finder.find(Buffer.from('1,'), 0), finder.midRecord]).toEqual([MORE, true]);
});
