import { expect, test } from 'vitest';
import { wantedNames } from '../../../lib/core/delivery/wanted.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const columns = { id: { type: 'bigint', key: true } };
const feed = (ignore_case: boolean) =>
  feedSchema.parse({
    feed: 'shop',
    source: { folder: '.', ignore_case },
    ready: { marker: 'done_{yyyymmdd}', manifest: { file: 'manifest_{date}.csv' } },
    tables: {
      products: { files: 'products_{date}*.csv', columns },
      stock: { files: 'stock_{ddmmyyyy}_{n}.csv', pick: 'newest', columns },
    },
  });

test.each([
  ['products_2026-11-20.csv', true],
  ['products_2026-11-20_2.csv.gz', false],
  ['products_2026-11-19.csv', false],
  ['stock_19112026_7.csv', true],
  ['stock_19112026_x.csv', false],
  ['done_20261120', true],
  ['done_20261119', false],
  ['manifest_2026-11-20.csv', true],
  ['DONE_20261120', 'without case'],
  ['Products_2026-11-20_1.CSV', 'without case'],
  ['readme.txt', false],
])('%s', (name, wanted) => {
  expect(wantedNames(feed(false), '2026-11-20')(name)).toBe(wanted === true);
  expect(wantedNames(feed(true), '2026-11-20')(name)).toBe(wanted !== false);
});
