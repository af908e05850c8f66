import { expect, test } from 'vitest';
import { readSparkResult } from '../../../../../lib/core/sql/plans/spark/result.ts';

const good = { queries: { numbers: [{ inserted: '1' }] }, outputs: { inserted: [{ file: 'a', rows: 1 }] } };

test.each([good, { version: 1, ...good }])('a result, as %j', (written) => {
  expect(readSparkResult(JSON.stringify(written), 'result.json')).toEqual(good);
});

test('one that disagrees has nothing else', () => {
  const text = JSON.stringify({ disagrees: 'records of each part: expected [0, 1], found None' });
  expect(readSparkResult(text, 'result.json')).toMatchObject({ disagrees: expect.stringContaining('expected [0, 1]') });
});

test.each([
  ['OBJECT_NEWER', { version: 2 }, 'result of Spark of version 2'],
  ['OBJECT_MALFORMED', { queries: {} }, 'outputs: expected an object, received nothing'],
  [
    'OBJECT_MALFORMED',
    { ...good, outputs: { inserted: [{ file: 'a', rows: '1' }] } },
    'outputs.inserted[0].rows: expected a number, received "1"',
  ],
  [
    'OBJECT_MALFORMED',
    { ...good, queries: { numbers: [{ n: 1 }] } },
    'queries.numbers[0].n: expected a text, received 1',
  ],
])('%s: %j', (name, written, message) => {
  expect(() => readSparkResult(JSON.stringify(written), 'result.json')).toThrow(
    expect.objectContaining({ name, message: expect.stringContaining(message) }),
  );
});
