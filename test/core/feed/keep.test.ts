import { expect, test } from 'vitest';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const parse = (keep: Record<string, unknown>) =>
  feedSchema.safeParse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { items: { files: '*.csv', columns: { id: { type: 'bigint', key: true } } } },
    keep,
  });

test('limits are days; a feed file without them keeps everything', () => {
  expect(parse({ landing: '30d', changes: '400d', receipts: '800d', quarantine: '90d' }).data?.keep).toEqual({
    landing: 30,
    changes: 400,
    receipts: 800,
    quarantine: 90,
  });
  expect(
    'keep' in
      feedSchema.parse({
        feed: 'shop',
        source: { folder: '.' },
        tables: { items: { files: 'a', columns: { id: { type: 'bigint', key: true } } } },
      }),
  ).toBe(false);
});

test.each<[Record<string, unknown>, string]>([
  [{}, 'keep: expected landing, raw, changes, receipts, current, logs or quarantine'],
  [{ landing: '0d' }, 'keep.landing: expected a number of days such as 30d, at least 1d'],
  [{ landing: '12h' }, 'keep.landing: expected a number of days such as 30d, at least 1d'],
  [{ landing: 30 }, 'keep.landing: expected a number of days such as 30d, at least 1d'],
  [
    { landing: '30d', raw: '40d' },
    'keep.raw: 40d is longer than landing: 30d, with which the receipts go that name the copies',
  ],
  [
    { receipts: '9d', changes: '9d' },
    'keep.receipts: landing has no limit, and receipts say what lies there; expected keep.landing too',
  ],
  [
    { receipts: '9d', landing: '9d', changes: '10d' },
    'keep.receipts: 9d is shorter than changes: 10d, and receipts say what lies there',
  ],
])('%j is refused', (keep, complaint) => {
  const found = parse(keep).error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  expect(found).toEqual([complaint]);
});
