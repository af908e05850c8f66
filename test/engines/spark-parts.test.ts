import { expect, test } from 'vitest';
import { readCsvSpark } from '../../lib/core/sql/dialects/read-csv-spark.ts';
import { csvFiles } from '../../lib/engines/spark/csv-files.ts';
import type { SparkRoom } from '../../lib/engines/spark/runner.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';

const reading = {
  format: { delimiter: ',', quote: '"', null_values: [''] },
  columns: [{ name: 'id', type: 'bigint' as const, key: true, required: true }],
};
const file = (...keys: readonly string[]) => ({
  header: ['id', 'name'],
  recordEnd: '\n' as const,
  parts: keys.map((key) => ({ key, rows: 1, bytes: 4 })),
  lines: true,
  keys: null,
});
const room = { object: async (key: string) => key, keep: async (name: string) => name } as unknown as SparkRoom;

/** The part that Spark makes of each object: the number in its name, and what its reader adds. */
async function partsOf(...files: readonly ReturnType<typeof file>[]) {
  const { csv, parts } = await csvFiles(inMemoryStore(), files, new Map(), reading, room, 'next');
  const found = csv.flatMap((group) => {
    const [, added = '0'] = / AS BIGINT\)(?: \+ (-?\d+))? AS part$/.exec(
      readCsvSpark('t', group, reading).columns[0]!,
    )!;
    return group.files.map((name) => Number(/part-(\d+)/.exec(name)![1]) + Number(added));
  });
  return { found: found.toSorted((a, b) => a - b), told: parts.map(([part]) => part), readers: csv.length };
}

test('files that landed in their order are read by one reader', async () => {
  const files = [file('a1/t/part-00000.csv.zst', 'a1/t/part-00001.csv.zst'), file('a1-2/t/part-00002.csv.zst')];
  expect(await partsOf(...files)).toEqual({ found: [0, 1, 2], told: [0, 1, 2], readers: 1 });
});

test('files whose order was known after they landed have the parts of their places', async () => {
  const files = [
    file('a1-3/t/part-00000.csv.zst'),
    file('a1/t/part-00000.csv.zst', 'a1/t/part-00001.csv.zst'),
    file('a1-2/t/part-00000.csv.zst'),
  ];
  expect(await partsOf(...files)).toEqual({ found: [0, 1, 2, 3], told: [0, 1, 2, 3], readers: 3 });
});
