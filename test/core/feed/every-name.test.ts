import { expect, test } from 'vitest';
import { columnsOf } from '../../../lib/core/feed/spec.ts';
import { parseFeed } from '../../support/parse-feed.ts';

const text = (tables: string) => `feed: shop\nsource: {folder: inbox}\ntables:\n${tables}`;
const table = (columns: string) => text(`  items:\n    files: "*"\n    columns: {${columns}}\n`);

test('columns keep their names and their order, whatever the names are', () => {
  const { tables } = parseFeed(
    table('id: {type: bigint, key: true}, __proto__: {type: text, trim: true}, constructor: text, toString: text'),
    'feed.yaml',
  );
  expect(columnsOf(tables.items!).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id bigint',
    '__proto__ text',
    'constructor text',
    'toString text',
  ]);
});

test.each([
  [
    table('id: {type: bigint, key: true}, __proto__: {type: txt}'),
    /^feed.yaml:6: tables.items.columns.__proto__(.type)?: /,
  ],
  [
    text('  __proto__: {files: "*", columns: {id: {type: bigint, key: true}}}\n'),
    'feed.yaml:4: tables.__proto__: expected lower-case letters, digits and _, at most 40, received "__proto__"',
  ],
  [table('id: {type: bigint, key: true, __proto__: 1}'), /__proto__/],
  [table('id: {type: bigint, key: true}').replace('source:', '__proto__: {engine: spark}\nsource:'), /__proto__/],
])('what is wrong with such a name is said: %s', (feed, complaint) => {
  // More than once: a schema may change what it does after its first use.
  for (let time = 1; time <= 2; time += 1) expect(() => parseFeed(feed, 'feed.yaml')).toThrow(complaint);
});
