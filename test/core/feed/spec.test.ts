import { describe, expect, test } from 'vitest';
import { contentHash, readingSpecHash, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { columnsOf, feedSchema } from '../../../lib/feed-file/feed.ts';

const least = {
  feed: 'shop',
  source: { folder: './inbox' },
  tables: { items: { files: 'items*.csv', columns: { id: { type: 'bigint', key: true }, name: 'text' } } },
};
/** A guard without a limit of its own. */
const usual = { severity: 'hold', learned: 'warn' };

const items = (more: object) =>
  feedSchema.parse({ ...least, tables: { items: { ...least.tables.items, ...more } } }).tables.items!;

test('all but the least has a default', () => {
  expect(feedSchema.parse(least)).toEqual({
    feed: 'shop',
    source: { folder: './inbox' },
    ready: { stable: 60 },
    target: { schema: 'public' },
    engine: 'auto',
    guards: { late: usual, learn: { after: 7, nights: 28, width: 5 }, resent: 'warn', samples_in_messages: false },
    tables: {
      items: {
        files: 'items*.csv',
        format: { type: 'csv', delimiter: ',', quote: '"', header: true, encoding: 'utf-8', null_values: [''] },
        columns: {
          id: { type: 'bigint', key: true, required: false, compare: true },
          name: { type: 'text', key: false, required: false, compare: true },
        },
        contract: { added: 'hold', missing: 'refuse', renamed: 'refuse', reordered: 'evolve', retyped: 'hold' },
        on_delete: 'retain',
        history: false,
        guards: {
          gone: { ...usual, people: 1 },
          updated: { limit: 0.3, ...usual },
          inserted: usual,
          rejected: { limit: 0.001, ...usual },
          rows: { limit: [-0.2, 0.5], ...usual },
          bytes: usual,
          nulls: usual,
          duplicates: usual,
          overlap: { limit: { rows: 0 }, ...usual },
          suspended: { nights: 3, severity: 'hold' },
        },
      },
    },
  });
});

test('FTP has defaults too', () => {
  const { source } = feedSchema.parse({ ...least, source: { ftp: { host: 'ftp.example.com' } } });
  expect(source).toEqual({ ftp: { host: 'ftp.example.com', port: 21, user: 'anonymous', tls: 'none', path: '/' } });
});

describe('column types', () => {
  test.each([
    ['text', 'text'],
    ['BIGINT', 'bigint'],
    ['decimal(12, 2)', 'decimal(12,2)'],
    ['decimal(38,38)', 'decimal(38,38)'],
    ['decimal(39,2)', null],
    ['decimal(2,3)', null],
    ['decimal(0,0)', null],
    ['decimal', null],
    ['varchar', null],
    ['', null],
  ])('%j is %j', (written, type) => {
    const result = feedSchema.safeParse({
      ...least,
      tables: { items: { files: '*', columns: { id: { type: 'bigint', key: true }, name: written } } },
    });
    expect(result.data?.tables.items?.columns.name?.type ?? null).toBe(type);
  });
});

test('columns keep their order', () => {
  expect(
    columnsOf(items({ columns: { b: 'text', id: { type: 'uuid', key: true }, a: 'date' } })).map(({ name }) => name),
  ).toEqual(['b', 'id', 'a']);
});

describe('what PostgreSQL cannot hold is refused', () => {
  const wide = (count: number, type: string) =>
    feedSchema.safeParse({
      ...least,
      tables: {
        items: {
          files: '*',
          columns: {
            id: { type: 'bigint', key: true },
            ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, type])),
          },
        },
      },
    }).success;

  test.each([
    [900, 'bigint', true],
    [1100, 'bigint', false],
    [400, 'text', true],
    [500, 'text', false],
  ])('%i columns of %s: %s', (count, type, possible) => {
    expect(wide(count, type)).toBe(possible);
  });

  test.each([
    ['ä'.repeat(31), true],
    ['ä'.repeat(32), false],
    ['with "quotes", blanks and \\', true],
    ['a\nb', false],
    ['', false],
    ['_gone_since', false],
    ['_Valid_From', false],
  ])('a column named %j: %s', (name, possible) => {
    const columns = { id: { type: 'bigint', key: true }, [name]: 'text' };
    expect(feedSchema.safeParse({ ...least, tables: { items: { files: '*', columns } } }).success).toBe(possible);
  });

  test('a table that would be the history of another', () => {
    const { items: table } = least.tables;
    const both = (history: boolean) =>
      feedSchema.safeParse({ ...least, tables: { items: { ...table, history }, items_history: table } });
    expect([both(false).success, both(true).success]).toEqual([true, false]);
  });
});

describe('the reading spec decides what bytes mean', () => {
  const hash = (more: object) => readingSpecHash(readingSpecOf(items(more)));

  test.each([
    ['format', { format: { delimiter: ';' } }, false],
    ['null values', { format: { null_values: ['NULL'] } }, false],
    ['a column type', { columns: { id: { type: 'bigint', key: true }, name: 'uuid' } }, false],
    [
      'a required column',
      { columns: { id: { type: 'bigint', key: true }, name: { type: 'text', required: true } } },
      false,
    ],
    ['the order of columns', { columns: { name: 'text', id: { type: 'bigint', key: true } } }, false],
    ['compare', { columns: { id: { type: 'bigint', key: true }, name: { type: 'text', compare: false } } }, true],
    ['guards', { guards: { gone: '50%' } }, true],
    ['what happens to vanished rows', { on_delete: 'delete' }, true],
    ['a default that is written out', { format: { delimiter: ',' } }, true],
  ])('%s', (_what, more, same) => {
    expect(hash(more) === hash({})).toBe(same);
  });

  test('a hash knows no order of names, and every order of lists', () => {
    expect(contentHash({ a: 1, b: { c: 2, d: 3 } })).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }));
    expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
  });
});
