import { describe, expect, test } from 'vitest';
import { readingSpecHash, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const columns = { id: { type: 'bigint', key: true }, name: 'text', price: 'decimal(8,2)', at: 'timestamptz' };
const parse = (more: object) =>
  feedSchema.safeParse({ feed: 'shop', source: { folder: '.' }, tables: { items: { files: '*', columns, ...more } } });
const complaint = (more: object) => {
  const { error } = parse(more);
  const issue = error?.issues[0];
  return issue && `${issue.path.slice(2).join('.')}: ${issue.message}`;
};
const made = (as: string, type = 'text') => complaint({ columns: { ...columns, made: { type, as } } });

describe('an expression that cannot be is told with its place', () => {
  test.each([
    ['nam', 'text', 'character 1: no column "nam"; the columns are id, name, price, at, made'],
    ['name ||', 'text', 'character 8: found the end instead of a value'],
    ["name || 'x", 'text', "character 9: the ' never closes"],
    ['name; drop table items', 'text', 'character 5: ";" means nothing here'],
    ['name name', 'text', 'character 6: found "name" instead of the end or an operator'],
    [
      'price',
      'integer',
      'character 1: the expression is decimal(8,2), not integer; cast(… as integer) rejects what does not fit',
    ],
    ['name + 1', 'double', 'character 1: + takes a number here, not text'],
    ['now()', 'timestamptz', 'character 1: no function now; there are'],
    ['substr(name, 0)', 'text', 'character 14: substr takes a whole number from 1 here, written out'],
    [
      'split_part(name, name, 1)',
      'text',
      'character 18: split_part takes a text that is written out here, not an empty one',
    ],
    ['round(price, 1, 2)', 'double', 'character 1: round takes 1 or 2 values, not 3'],
    ['cast(price / 2 as text)', 'text', 'character 1: double cannot become text: cast it to a decimal first'],
    ['price * price * price * price * price', 'double', 'may have 40 digits here; at most 37 are exact'],
    ['case when name then 1 end', 'integer', 'character 11: a condition is true or false'],
    ["price = 'abc'", 'boolean', '= takes values of one type, not decimal(8,2) and text'],
    ['cast(name as money)', 'text', 'expected one of text'],
    ['made', 'text', 'columns are made of one another: made of made'],
    ['('.repeat(100), 'text', 'more than 60 expressions within one another'],
    [`${'cast(cast('.repeat(8)}name${' as integer) as text)'.repeat(8)}`, 'text', 'too much within one another'],
  ])('%s', (as, type, message) => {
    expect(made(as, type)).toContain(`columns.made.as: `);
    expect(made(as, type)).toContain(message);
  });

  test.each([
    [{ where: 'price' }, 'where: character 1: a condition is true or false; this is decimal(8,2)'],
    [
      { drop_row_when: ['id is null', 'x'] },
      'drop_row_when.1: character 1: no column "x"; the columns are id, name, price, at',
    ],
    [
      { columns: { ...columns, made: { type: 'text', as: 'name', trim: true } } },
      'columns.made.trim: a column with `as` is not read from text',
    ],
    [
      { columns: { id: { type: 'bigint', key: true, store: false } } },
      'columns.id.store: a key column is always stored',
    ],
    [{ columns: { id: { type: 'bigint', key: true, as: '1' } } }, 'columns: expected at least one column without `as`'],
    [
      { columns: { ...columns, name: { type: 'text', replace: { '': 'x' } } } },
      'columns.name.replace: expected texts by the text',
    ],
  ])('%j', (more, message) => {
    expect(complaint(more)).toContain(message);
  });
});

test.each([
  ['price * 2 + id', 'decimal(24,2)'],
  ["at >= '2024-01-01 00:00:00Z' and name not like 'x%'", 'boolean'],
  ["CASE name WHEN 'a' THEN 1 ELSE price END", 'decimal(12,2)'],
  ["coalesce(name, 'none')", 'text'],
  ['"name"', 'text'],
  ['- - price', 'decimal(8,2)'],
  ['not not (name is null)', 'boolean'],
  ['null', 'date'],
])('%s may be %s', (as, type) => {
  expect(made(as, type)).toBeUndefined();
});

describe('the reading spec knows of', () => {
  const hash = (more: object) => readingSpecHash(readingSpecOf(parse(more).data!.tables.items!));
  test.each([
    ['cleaning', { clean: { trim: true } }, false],
    ['a filter', { where: 'id > 0' }, false],
    ['dropped rows', { drop_row_when: 'name is null' }, false],
    ['null words', { columns: { ...columns, name: { type: 'text', nulls: ['-'] } } }, false],
    ['a column that is not stored', { columns: { ...columns, name: { type: 'text', store: false } } }, false],
    ['cleaning that does nothing', { clean: { trim: false } }, true],
    ['a column that is stored as it says', { columns: { ...columns, name: { type: 'text', store: true } } }, true],
  ])('%s', (_what, more, same) => {
    expect(hash(more) === hash({})).toBe(same);
  });

  test('where a column says nothing, the table speaks', () => {
    const spec = readingSpecOf(
      parse({ clean: { trim: true, nulls: ['x'] }, columns: { ...columns, name: { type: 'text', trim: false } } }).data!
        .tables.items!,
    );
    expect(spec.columns.map(({ trim, nulls }) => [trim, nulls])).toEqual([
      [true, ['x']],
      [undefined, ['x']],
      [true, ['x']],
      [true, ['x']],
    ]);
  });
});
