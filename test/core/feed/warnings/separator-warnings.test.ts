import { expect, test } from 'vitest';
import { tableWarnings } from './table-warnings.ts';

const price = (column: object, table: object = {}) =>
  tableWarnings({ price: { type: 'decimal(12,2)', ...column } }, table);

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
