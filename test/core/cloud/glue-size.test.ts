import fc from 'fast-check';
import { expect, test } from 'vitest';
import { glueSizeFor } from '../../../lib/core/cloud/glue-size.ts';

const GB = 1e9;
/** Of a worker, as AWS says. */
const freeDisk = { 'G.1X': 44 * GB, 'G.2X': 78 * GB };

test.each([
  [0, 'G.1X', 3],
  [16 * GB, 'G.1X', 3],
  [20 * GB, 'G.1X', 3],
  [20 * GB + 1, 'G.1X', 4],
  [100 * GB, 'G.1X', 11],
  [100 * GB + 1, 'G.2X', 7],
  [400 * GB, 'G.2X', 21],
  [1980 * GB, 'G.2X', 100],
  [5000 * GB, 'G.2X', 100],
] as const)('%d bytes of both sides take %s x %d', (bytes, type, workers) => {
  expect(glueSizeFor(bytes)).toEqual({ type, workers });
});

test('three times its share fits on the disk of each worker, and more bytes never get fewer processors', () => {
  const size = fc.double({ min: 0, max: 1980 * GB, noNaN: true });
  const processors = ({ type, workers }: ReturnType<typeof glueSizeFor>) => workers * (type === 'G.1X' ? 4 : 8);
  fc.assert(
    fc.property(size, size, (a, b) => {
      const [less, more] = [glueSizeFor(Math.min(a, b)), glueSizeFor(Math.max(a, b))];
      expect(processors(more)).toBeGreaterThanOrEqual(processors(less));
      // One of them is the driver.
      expect((3 * Math.max(a, b)) / (more.workers - 1)).toBeLessThanOrEqual(freeDisk[more.type]);
    }),
  );
});
