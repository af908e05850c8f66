import { expect, test } from 'vitest';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const columns = {
  id: { type: 'bigint', key: true },
  region: 'text',
  price: 'decimal(12,2)',
  weight: 'double',
  raw: { type: 'text', store: false },
};
const parse = (partition_by: string[], more = {}) =>
  feedSchema.safeParse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { items: { files: '*.csv', columns: { ...columns, ...more }, lake: { partition_by } } },
  });

test('stored columns of few values partition a table', () => {
  expect(parse(['region', 'id']).data?.tables.items?.lake).toEqual({ partition_by: ['region', 'id'] });
});

test.each<[string[], object, string]>([
  [['area'], {}, 'lake.partition_by.0: no column "area"'],
  [['toString'], {}, 'lake.partition_by.0: no column "toString"'],
  [['region', 'region'], {}, 'lake.partition_by.1: region is named twice'],
  [['raw'], {}, 'lake.partition_by.0: raw is not stored'],
  [
    ['region', 'weight'],
    {},
    'lake.partition_by.1: weight is double; expected one of text, varchar, smallint, integer, bigint, boolean, date',
  ],
  [
    ['price'],
    {},
    'lake.partition_by.0: price is decimal(12,2); expected one of text, varchar, smallint, integer, bigint, boolean, date',
  ],
  [
    ['region'],
    { nightfeed_date: 'date' },
    'columns.nightfeed_date: in the lake this is the name of a folder of nightfeed',
  ],
])('%j is refused', (partition_by, more, complaint) => {
  const { error } = parse(partition_by, more);
  expect(error?.issues.map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`)).toEqual([complaint]);
});
