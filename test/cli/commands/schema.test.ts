import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { nightfeed } from '../../support/nights/command-line.ts';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const feeds = globSync('*/*.yaml', { cwd: examples });
let schema: z.ZodType;

beforeAll(async () => {
  const { code, stdout } = await nightfeed(['schema']);
  expect(code).toBe(0);
  schema = z.fromJSONSchema(JSON.parse(stdout));
});

test('editors know the options that they knew before; `vitest run -u` writes what a change of the schema adds', async () => {
  const { stdout } = await nightfeed(['schema']);
  await expect(stdout).toMatchFileSnapshot('__snapshots__/feed.schema.json.snap');
});

test('there are examples', () => expect(feeds.length).toBeGreaterThanOrEqual(2));

test.each(feeds)('nightfeed schema accepts examples/%s, and validate too', async (feed) => {
  expect(schema.safeParse(parse(readFileSync(`${examples}/${feed}`, 'utf8'))).error).toBeUndefined();
  const { code, stdout } = await nightfeed(['validate', `${examples}/${feed}`]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('is valid')]);
});

test.each([
  ['an option that is misspelt', 'expct: 3'],
  ['a percentage that is a number', 'tables: {items: {guards: {gone: 5}}}'],
  ['a column type that is a list', 'tables: {items: {columns: {name: [text]}}}'],
  ['another engine', 'engine: flink'],
  ['a source that is a path', 'source: ./inbox'],
])('nightfeed schema refuses %s', (_what, fault) => {
  const feed = {
    feed: 'shop',
    source: { folder: '.' },
    tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } } },
  };
  expect(schema.safeParse(feed).success).toBe(true);
  const wrong = parse(fault);
  const items = { ...feed.tables.items, ...wrong.tables?.items };
  expect(schema.safeParse({ ...feed, ...wrong, tables: { items } }).success).toBe(false);
});
