import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exposition } from '../../../lib/core/metrics/exposition.ts';
import { feedMetrics } from '../../../lib/core/metrics/feed-metrics.ts';
import { night, nothing } from './feeds.ts';

test('a feed of which nothing is known has no number of a night', () => {
  const lines = exposition(feedMetrics([nothing]))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual([
    'nightfeed_runs_running{feed="new"} 0',
    'nightfeed_runs_held{feed="new"} 1',
    'nightfeed_messages_waiting{feed="new"} 0',
  ]);
});

test('what is not known has no sample; zero has one', () => {
  const text = exposition(feedMetrics([night]));
  expect(text).toContain('nightfeed_last_run_rows{feed="shop",table="items"} 1203411\n');
  expect(text).toContain('nightfeed_last_run_changed_rows{feed="shop",table="items",change="gone"} 0\n');
  expect(text).not.toContain('nightfeed_last_run_filtered_rows{');
  expect(text).not.toMatch(/null|undefined|NaN/);
});

test('labels of any text stay one label', () => {
  const samples = [{ labels: { table: 'a"b\\c\nd\ud800' }, value: 1 }];
  expect(exposition([{ name: 'm', type: 'gauge', help: 'a\nb', samples }])).toBe(
    '# HELP m a\\nb\n# TYPE m gauge\nm{table="a\\"b\\\\c\\nd\ufffd"} 1\n',
  );
});

test('names end with their unit, and docs/numbers.md has each', () => {
  const families = feedMetrics([night]);
  const page = readFileSync(new URL('../../../docs/numbers.md', import.meta.url), 'utf8');
  for (const { name, type } of families) {
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(page).toContain(`\`${name}\``);
  }
  const named = new Set([...page.matchAll(/`(nightfeed_[a-z_]+)`/g)].map(([, name]) => name));
  named.delete('nightfeed_reader');
  expect([...named].sort()).toEqual(families.map(({ name }) => name).sort());
});
