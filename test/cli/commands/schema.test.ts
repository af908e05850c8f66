import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
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

test.each(feeds)('whatever stands in the place of a value of examples/%s, schema and validate agree', (file) => {
  const feed: unknown = parse(readFileSync(`${examples}/${file}`, 'utf8'));
  const differences: string[] = [];
  for (const path of placesIn(feed))
    for (const value of [17, -1, 1.5, true, null, {}, [], { bogus: 1 }]) {
      const changed = withValue(feed, path, value);
      const isTaken = feedSchema.safeParse(changed).success;
      if (isTaken !== schema.safeParse(changed).success)
        differences.push(`${path.join('.')}: ${JSON.stringify(value)} is ${isTaken ? 'valid' : 'wrong'}`);
    }
  expect(differences).toEqual([]);
});

type Path = readonly (string | number)[];

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...inner.flatMap(([name, part]) => placesIn(part, [...path, name]))];
}

function withValue(whole: unknown, [name, ...path]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(whole)) return whole.with(Number(name), withValue(whole[Number(name)], path, value));
  const object = whole as Readonly<Record<string, unknown>>;
  return { ...object, [name]: withValue(object[name], path, value) };
}

test.each([
  ['an option that is misspelt', 'expct: 3'],
  ['a percentage that is a number', 'tables: {items: {guards: {gone: 5}}}'],
  ['a column type that is a list', 'tables: {items: {columns: {name: [text]}}}'],
  ['a column type that there is not', 'tables: {items: {columns: {name: text, count: number}}}'],
  ['a decimal without digits', 'tables: {items: {columns: {name: {type: decimal}}}}'],
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
