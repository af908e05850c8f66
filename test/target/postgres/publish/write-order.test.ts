import { expect, test } from 'vitest';
import { changeKinds } from '../../../../lib/core/run/diff-receipt.ts';
import { type Reference, type Write, writeOrder } from '../../../../lib/target/postgres/publish/write-order.ts';

const all = (...tables: string[]): Write[] => tables.flatMap((table) => changeKinds.map((kind) => ({ table, kind })));
const key = (child: string, parent: string, more: Partial<Reference> = {}): Reference => ({
  child,
  parent,
  deferred: false,
  acts: false,
  ...more,
});
const ordered = (writes: readonly Write[], ...references: Reference[]) =>
  writeOrder(writes, references).map(({ table, kind }) => `${table} ${kind}`);

test.each<[string, Write[], Reference[], string[]]>([
  ['rows that go free their values for others', all('a'), [], ['a gone', 'a updated', 'a inserted']],
  [
    'a parent is born before its children and dies after them',
    all('child', 'parent'),
    [key('child', 'parent')],
    ['child gone', 'parent updated', 'parent inserted', 'child updated', 'parent gone', 'child inserted'],
  ],
  [
    'a child that does not change lets its parent go first',
    [...all('parent'), { table: 'child', kind: 'inserted' }],
    [key('child', 'parent')],
    ['parent gone', 'parent updated', 'parent inserted', 'child inserted'],
  ],
  [
    'what is checked at the end orders nothing',
    all('child', 'parent'),
    [key('child', 'parent', { deferred: true })],
    ['child gone', 'parent gone', 'child updated', 'parent updated', 'child inserted', 'parent inserted'],
  ],
  [
    'but what the server does to children cannot wait',
    all('parent', 'child'),
    [key('child', 'parent', { deferred: true, acts: true })],
    ['child gone', 'child updated', 'parent gone', 'parent updated', 'parent inserted', 'child inserted'],
  ],
  ['a table that refers to itself', all('tree'), [key('tree', 'tree')], ['tree inserted', 'tree updated', 'tree gone']],
  [
    'grandparents',
    [
      { table: 'c', kind: 'inserted' },
      { table: 'b', kind: 'inserted' },
      { table: 'a', kind: 'inserted' },
    ],
    [key('c', 'b'), key('b', 'a')],
    ['a inserted', 'b inserted', 'c inserted'],
  ],
])('%s', (_what, writes, references, order) => {
  expect(ordered(writes, ...references)).toEqual(order);
});

test('a circle has no order, and every write comes once', () => {
  const found = ordered(all('a', 'b'), key('a', 'b'), key('b', 'a'));
  expect(found.toSorted()).toEqual(
    all('a', 'b')
      .map(({ table, kind }) => `${table} ${kind}`)
      .toSorted(),
  );
});
