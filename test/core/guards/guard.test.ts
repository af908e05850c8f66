import { expect, test } from 'vitest';
import { judged, schedule } from '../../support/nights/guarded-night.ts';

test('the numbers of the night are kept for those to come', () => {
  const nulls = { name: { base: 100, next: 150 }, price: { base: null, next: 3 } };
  const diff = {
    gone: 100,
    updated: 200,
    inserted: 300,
    accepted: 10_200,
    rows: 10_210,
    rejected: { SCALE: 10 },
    nulls,
  };
  const { measures } = judged({ diff: { ...diff, bytes: { base: 100, next: 110 } }, feed: { schedule } });
  expect(measures).toEqual({
    late: 10,
    tables: {
      items: {
        files: 1,
        duplicates: 0,
        overlap: 0,
        suspended: 0,
        rows: 0.02,
        bytes: 0.1,
        inserted: 0.03,
        updated: 0.02,
        gone: 0.01,
        rejected: 10 / 10_210,
        nulls: { name: 150 / 10_200 - 0.01 },
      },
    },
  });
  expect(judged({ diff: { base: 0 } }).measures).toEqual({
    tables: { items: { files: 1, rejected: 0, duplicates: 0, overlap: 0 } },
  });
});

test('where the feed wants two people, delete guards say so', () => {
  const { holds } = judged({ diff: { gone: 3000, updated: 4000, accepted: 7000 }, guards: { gone: { people: 2 } } });
  expect(holds.map(({ guard, people }) => [guard, people])).toEqual([
    ['ROWCOUNT_DROP', 2],
    ['MASS_DELETE', 2],
    ['MASS_UPDATE', undefined],
  ]);
});
