import { expect, test } from 'vitest';
import { warningsOf } from '../../../../lib/core/feed/warnings/warnings.ts';
import { feedSchema } from '../../../../lib/feed-file/feed.ts';
import { formats } from '../../../../lib/formats/index.ts';

const price = (column: object, table: object = {}) =>
  warningsOf(
    feedSchema.parse({
      feed: 'shop',
      source: { folder: '.' },
      tables: {
        t: {
          files: '*',
          columns: { id: { type: 'text', key: true }, price: { type: 'decimal(12,2)', ...column } },
          ...table,
        },
      },
    }),
    formats,
  );

test.each<[object, object?]>([
  [{ replace: { '.': '', ',': '.' } }],
  [{ replace: { ',': '' } }],
  [{ type: 'integer', replace: { '.': '' } }],
  [{}, { clean: { replace: { '.': '' } } }],
])('a replace that deletes a separator from numbers is warned of: %j', (column, table) => {
  expect(price(column, table)).toEqual([
    expect.stringContaining(column && 'replace' in column ? 'columns.price' : 'clean'),
  ]);
});

test.each<[object, object?]>([
  [{}],
  [{ replace: { ',': '.' } }],
  [{ replace: { ' EUR': '' } }],
  [{ type: 'text', replace: { '.': '' } }],
  [{ replace: { x: '' } }, { clean: { replace: { '.': '' } } }],
])('others are not: %j', (column, table) => {
  expect(price(column, table)).toEqual([]);
});
