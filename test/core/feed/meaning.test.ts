import { expect, test } from 'vitest';
import { contentHash, readingSpecHash, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { retainCondition } from '../../../lib/core/feed/rules/retain-condition.ts';
import { shapingOf } from '../../../lib/core/feed/shaping.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const columns = {
  id: { type: 'integer', key: true },
  amount: 'text',
  at: 'timestamp',
  price: 'decimal(8,2)',
};

function feedWith(more: Record<string, unknown>) {
  const { columns: added, ...table } = more as { columns?: object };
  return feedSchema.parse({
    feed: 'shop',
    source: { folder: 'in' },
    tables: { items: { files: 'items.csv', ...table, columns: { ...columns, ...added } } },
  });
}

/** As a version before wrote it. */
function unmarked(feed: ReturnType<typeof feedWith>) {
  const { meaning: _none, ...items } = feed.tables.items!;
  return { ...feed, tables: { items } };
}

test.each([
  ['no expression', {}],
  ['a cast that always fits', { columns: { wide: { type: 'decimal(20,4)', as: 'cast(price as decimal(20,4))' } } }],
  ['a day of a timestamp', { columns: { day: { type: 'date', as: 'cast(at as date)' } } }],
  ['a rounded number with room', { columns: { whole: { type: 'integer', as: 'cast(price as integer)' } } }],
  ['try_cast', { columns: { tried: { type: 'integer', as: 'try_cast(amount as integer)' } } }],
  ['a division', { where: 'price / 0 > 1e0' }],
  ['a day in another form', { columns: { day: { type: 'date', date_format: 'D.MM.YYYY' } } }],
  ['a pattern', { columns: { code: { type: 'text', pattern: '^[A-Z]{2,2}\\-\\d{3,}$' } } }],
  ['a literal', { drop_row_when: "at < cast('2024-01-01 00:00:00' as timestamp)" }],
])('%s means what it always meant: no hash changes', (_name, more) => {
  const feed = feedWith(more);
  expect(feed.tables.items!.meaning).toBeUndefined();
  expect(contentHash(feed)).toBe(contentHash(unmarked(feed)));
});

test.each([
  ['a derived column', { columns: { made: { type: 'integer', as: 'cast(amount as integer)' } } }],
  ['a filter', { where: 'cast(amount as integer) > 1' }],
  ['another filter', { drop_row_when: ["amount = ''", 'cast(amount as integer) > 1'] }],
  ['a rule', { rules: [{ check: 'cast(amount as integer) > 1', on_fail: 'warn' }] }],
  ['a branch', { where: "case when amount like '1%' then cast(amount as integer) > 1 end" }],
  ['rounding that may need a digit more', { where: 'cast(price as decimal(6,0)) > 1' }],
])('a cast that may fail in %s is of the second version', (_name, more) => {
  const feed = feedWith(more);
  expect(feed.tables.items!.meaning).toEqual({ reading: 2 });
  const [now, before] = [feed, unmarked(feed)].map(({ tables }) => readingSpecOf(tables.items!));
  expect(readingSpecHash(now!)).not.toBe(readingSpecHash(before!));
  const failures = (spec: typeof now) => {
    const { derived, filters, broken } = shapingOf(spec!);
    return [...derived.values(), ...filters, ...broken.values()].filter(({ failure }) => failure !== null).length;
  };
  expect(failures(now)).toBe(1);
  expect(failures(before)).toBe(0);
});

test.each([
  ['of a column', { columns: { code: { type: 'text', pattern: '[A-Z]{02}' } } }],
  [
    'beside a cast that may fail',
    { where: 'cast(code as integer) > 1', columns: { code: { type: 'text', pattern: 'a{1,02}' } } },
  ],
])('a pattern %s whose counts begin with a zero is of the third version', (_name, more) => {
  const feed = feedWith(more);
  expect(feed.tables.items!.meaning).toEqual({ reading: 3 });
  const [now, before] = [feed, unmarked(feed)].map(({ tables }) => readingSpecOf(tables.items!));
  expect(readingSpecHash(now!)).not.toBe(readingSpecHash(before!));
  expect(shapingOf(now!).broken).not.toEqual(shapingOf(before!).broken);
});

test.each([
  [{ decimal: ',' }],
  [{ thousands: ' ' }],
  [{ percent: 'number' }],
  [{ currency: '€' }],
  [{ negative: 'behind' }],
  [{ type: 'date', epoch: 's' }],
  [{ type: 'timestamptz', timezone: 'Europe/Berlin' }],
  [{ type: 'date', date_format: 'D MON YYYY' }],
  [{ type: 'date', date_format: 'D/M/YY', pivot: 1970 }],
])('values written with %j are of the fourth version, which an older nightfeed refuses', (written) => {
  const feed = feedWith({ columns: { net: { type: 'decimal(9,2)', ...written } } });
  expect(feed.tables.items!.meaning).toEqual({ reading: 4 });
});

test.each([
  [{ columns: { net: 'double' } }],
  [{ columns: { net: { type: 'double', decimal: ',' } } }],
  [{ where: 'try_cast(amount as double) > 1' }],
  [{ columns: { twice: { type: 'decimal(9,2)', as: 'cast(cast(amount as double) * 2 as decimal(9,2))' } } }],
])('doubles, as in %j, are of the fifth version', (more) => {
  expect(feedWith(more).tables.items!.meaning).toEqual({ reading: 5 });
});

test('retain_where has a version of its own: what bytes mean does not change with it', () => {
  const feed = feedWith({ on_delete: 'delete', retain_where: 'cast(amount as integer) > 1' });
  expect(feed.tables.items!.meaning).toEqual({ retain_where: 2 });
  const [now, before] = [feed, unmarked(feed)].map(({ tables }) => tables.items!);
  expect(readingSpecHash(readingSpecOf(now!))).toBe(readingSpecHash(readingSpecOf(before!)));
  expect(retainCondition(now!)).not.toEqual(retainCondition(before!));
});

test('a snapshot with a pattern that is refused today is read on', () => {
  const columns = { code: { type: 'text', pattern: '(a{100}){11}' } };
  expect(() => feedWith({ columns })).toThrow('together');
  const spec = readingSpecOf(feedWith({ columns: { code: { type: 'text', pattern: 'a' } } }).tables.items!);
  const stored = { ...spec, rules: spec.rules!.map((rule) => ({ ...rule, value: [columns.code.pattern] })) };
  expect(shapingOf(stored).broken.size).toBe(1);
});

test('the mark is no option of the file, and a written text that never fits is refused', () => {
  expect(() => feedWith({ meaning: { reading: 1 } })).toThrow('meaning');
  expect(() => feedWith({ where: "at > cast('soon' as timestamp)" })).toThrow(
    'this is not a valid timestamp; try_cast(… as timestamp) makes it null',
  );
});
