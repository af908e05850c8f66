import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFeed } from '../support/parse-feed.ts';

const page = readFileSync(new URL('../../docs/bad-input.md', import.meta.url), 'utf8');

test('every name in docs/bad-input.md is met in test/inputs', () => {
  const names = [...page.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]*\b|(?<=rejected: )[A-Z]+/g)].map(([name]) => name);
  const inputs = new URL('../inputs/', import.meta.url);
  const files = readdirSync(inputs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const tests = files.map((name) => readFileSync(new URL(name, inputs), 'utf8')).join();
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests))).toEqual([]);
});

test('its feed is a good one', () => {
  const tables = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
  const feed = parseFeed(`feed: shop\nsource: {folder: .}\n${tables}`, 'feed.yaml');
  expect(feed.tables.orders!.format.trailer).toBe('TRAILER;{rows};*');
});
