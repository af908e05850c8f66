import { expect, test } from 'vitest';
import { keys } from '../../../lib/core/run/keys.ts';
import { sizesIn } from '../../../lib/core/run/lake-size.ts';

const run = { feed: 'shop', date: '2026-11-20', revision: 2 };

test('an object belongs to the table that its key names, in every zone', () => {
  const sized = (key: string) => sizesIn(key.split('/')[0] as 'landing', [{ key, size: 3 }])[0]!.table;
  const ofItems = [
    keys.landing(run, 'a1', 'items', 0),
    keys.landingRejects(run, 'a1', 'items'),
    keys.raw(run, 'a1', 'items'),
    keys.changes(run, 'a1', 'items', 'x.parquet'),
    `${keys.currentDraft(run, 'items')}part`,
    keys.snapshot(run, 'a1', 'items', 'manifest.json'),
    keys.current(run, 'items', 0),
  ];
  expect(ofItems.map(sized)).toEqual(ofItems.map(() => 'items'));
  const ofNone = [
    keys.receipt(run, 'pull', 'x'),
    keys.samples(run, 'a1', 'items'),
    keys.newest(run),
    keys.feed('shop', 'x'),
  ];
  expect(ofNone.map(sized)).toEqual(ofNone.map(() => null));
});

test('sizes are added up by table', () => {
  const objects = ['items', 'stock', 'items'].map((table, part) => ({
    key: keys.landing(run, 'a1', table, part),
    size: part + 1,
  }));
  expect(sizesIn('landing', objects)).toEqual([
    { zone: 'landing', table: 'items', bytes: 4, objects: 2 },
    { zone: 'landing', table: 'stock', bytes: 2, objects: 1 },
  ]);
});
