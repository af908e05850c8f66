import { describe, expect, test } from 'vitest';
import { readingSpecHash, readingSpecOf } from '../../../../lib/core/feed/reading-spec.ts';
import { referencedFirst, rulesOf } from '../../../../lib/core/feed/rules/rule.ts';
import { feedSchema } from '../../../../lib/feed-file/feed.ts';

const id = { type: 'bigint', key: true };
const parse = (columns: object, more: object = {}, others: object = {}) =>
  feedSchema.safeParse({
    feed: 'shop',
    source: { folder: '.' },
    tables: { items: { files: 'i*', columns: { id, ...columns }, ...more }, ...others },
  });
const rules = (columns: object, more: object = {}) => rulesOf(parse(columns, more).data!.tables.items!);

test('short and long forms are one', () => {
  const price = { type: 'integer', min: 0, required: true, on_fail: 'hold', rules: [{ min: -5, on_fail: 'refuse' }] };
  expect(rules({ price, sku: { type: 'text', unique: true } }, { rules: [{ check: 'id > 0' }] })).toEqual([
    { name: 'price.required', column: 'price', kind: 'required', value: ['price'], on_fail: 'hold' },
    { name: 'price.min', column: 'price', kind: 'min', value: ['0'], on_fail: 'hold' },
    { name: 'price.min 2', column: 'price', kind: 'min', value: ['-5'], on_fail: 'refuse' },
    { name: 'sku.unique', column: 'sku', kind: 'unique', value: ['sku'], on_fail: 'reject_row' },
    { name: 'rule 1', column: null, kind: 'check', value: ['id > 0'], on_fail: 'reject_row' },
  ]);
});

test('a required column that rejects is no rule, and its reading spec is as ever', () => {
  expect(rules({ price: { type: 'integer', required: true } })).toEqual([]);
  const spec = (on_fail?: string) =>
    readingSpecOf(parse({ price: { type: 'integer', required: true, on_fail } }).data!.tables.items!);
  expect(readingSpecHash(spec())).toBe(readingSpecHash(spec('reject_row')));
  expect(spec('warn').columns[1]!.required).toBe(false);
});

const other = { files: 'b*', columns: { code: { type: 'text', key: true }, at: 'date' } };

describe('a rule that cannot be is told', () => {
  test.each([
    [{ n: { type: 'integer', min: 'x' } }, {}, 'items.columns.n: n.min: "x" is not a valid integer'],
    [{ n: { type: 'date', in: ['2024-01-01', '1.2.'] } }, {}, 'items.columns.n: n.in: "1.2." is not a valid date'],
    [{ n: { type: 'boolean', max: 'true' } }, {}, 'items.columns.n: n.max: boolean values cannot be compared with >'],
    [
      { n: { type: 'integer', pattern: '1' } },
      {},
      'items.columns.n: n.pattern: a pattern is for text, not for integer',
    ],
    [{ n: { type: 'text', pattern: '(?i)x' } }, {}, 'items.columns.n: n.pattern: of the groups with ? only (?: ) is'],
    [{ n: { type: 'text', check: 'm' } }, {}, 'items.columns.n: n.check: no column "m"; the columns are id, n'],
    [{ n: { type: 'json', unique: true } }, {}, 'items.columns.n: n.unique: json values cannot be compared'],
    [{ n: { type: 'text', references: 'x.code' } }, {}, 'items.columns.n: n.references: no table x'],
    [
      { n: { type: 'text', references: 'items.id' } },
      {},
      'items.columns.n: n.references: a table cannot reference itself',
    ],
    [
      { n: { type: 'text', references: 'brands.name' } },
      {},
      'items.columns.n: n.references: brands has no column "name"',
    ],
    [
      { n: { type: 'text', references: 'brands.at' } },
      {},
      'items.columns.n: n.references: brands.at is date, not text',
    ],
    [{}, { rules: [{ name: 'x' }] }, 'items.rules: a rule has a check or is unique'],
    [{}, { rules: [{ unique: ['y'] }] }, 'items.rules: rule 1: no column "y"'],
  ])('%j %j', (columns, more, message) => {
    const { error } = parse(columns, more, { brands: other });
    const issue = error!.issues[0]!;
    expect(`${issue.path.slice(1).join('.')}: ${issue.message}`).toContain(message);
  });

  test('tables that reference one another', () => {
    const brands = {
      files: 'b*',
      columns: { code: { type: 'text', key: true }, item: { type: 'bigint', references: 'items.id' } },
    };
    const { error } = parse({ brand: { type: 'text', references: 'brands.code' } }, {}, { brands });
    expect(error!.issues.map(({ message }) => message)).toEqual([
      'brand.references: brands references items in turn',
      'item.references: items references brands in turn',
    ]);
  });
});

test('tables come after those that they reference', () => {
  const { data } = parse({ brand: { type: 'text', references: 'brands.code' } }, {}, { brands: other });
  expect(referencedFirst(data!.tables, Object.keys(data!.tables))).toEqual(['brands', 'items']);
});
