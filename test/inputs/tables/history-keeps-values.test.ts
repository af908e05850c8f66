import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import type { IntakeFeed } from '../../support/nights/intake-feed.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const columns = { id: { type: 'bigint', key: true }, name: 'text', size: 'integer' };
const { size: _size, ...fewer } = columns;
const lines = (...rows: string[]) => ({ 't.csv': rows.map((row) => `${row}\n`).join('') });
const many = Array.from({ length: 25 }, (_, index) => `${index + 10},n,1`);
const first = lines('id,name,size', '1,one,7', '2,two,8', ...many);

interface Case {
  readonly title: string;
  readonly columns?: Record<string, unknown>;
  readonly contract?: Record<string, string>;
  readonly next: Record<string, string>;
}

const cases: readonly Case[] = [
  {
    title: 'a column that is sent no longer',
    contract: { missing: 'evolve' },
    next: lines('id,name', '1,uno', ...many.map((row) => row.slice(0, 4))),
  },
  {
    title: 'a column that is taken out of the feed file',
    columns: fewer,
    next: lines('id,name', '1,uno', ...many.map((row) => row.slice(0, 4))),
  },
  {
    title: 'a column that is read only',
    columns: { ...columns, size: { type: 'integer', store: false } },
    next: lines('id,name,size', '1,uno,70', ...many),
  },
  {
    title: 'a column whose values become no numbers',
    contract: { retyped: 'evolve' },
    next: lines('id,name,size', '1,uno,large', ...many.map((row) => row.replace(/1$/, 'small'))),
  },
];

/** Name and size of both rows, as the history has them. */
const closed = async ({ feed }: IntakeFeed) =>
  (await lab.sql.unsafe(`SELECT id, name, size, _valid_to::text AS until FROM ${feed.feed}.t_history ORDER BY id`)).map(
    (row) => ({ ...row }),
  );

test.each(cases.map((each) => [each.title, each] as const))(
  '%s keeps its value in closed versions',
  async (_, change) => {
    const guards = { min_rows: 100 };
    const table = { on_delete: 'delete', history: true, guards };
    const feed = await lab.feed(tableOf(columns, table), first);

    await feed.change(tableOf(change.columns ?? columns, { ...table, contract: change.contract ?? {} }));
    expect(await feed.night(change.next)).toMatchObject({ state: 'published' });

    expect(await closed(feed)).toEqual([
      { id: '1', name: 'one', size: 7, until: '2026-01-02' },
      { id: '2', name: 'two', size: 8, until: '2026-01-02' },
    ]);
    expect(await feed.isProved()).toBe(true);
  },
);

test('a history that begins late has the columns that the feed file dropped before', async () => {
  const table = { on_delete: 'delete', guards: { min_rows: 100 } };
  const feed = await lab.feed(tableOf(columns, table), first);
  await feed.change(tableOf(fewer, { ...table, history: true }));
  await feed.night(lines('id,name', '1,uno', ...many.map((row) => row.slice(0, 4))));

  expect(await closed(feed)).toMatchObject([
    { id: '1', size: 7 },
    { id: '2', size: 8 },
  ]);
  const versions = await lab.sql.unsafe(`SELECT size FROM ${feed.feed.feed}.t_versions WHERE id = 1 ORDER BY name`);
  expect(versions.map(({ size }) => size)).toEqual([7, 7]);
});

test('a column that left the table stays in history and view', async () => {
  const table = { history: true, guards: { min_rows: 100 } };
  const feed = await lab.feed(tableOf(columns, table), first);
  await feed.night(lines('id,name,size', '1,uno,70', '2,two,8', ...many));
  await lab.sql.unsafe(`ALTER TABLE ${feed.feed.feed}.t DROP COLUMN size CASCADE`);
  await feed.change(tableOf(fewer, table), {}, { tables: ['t'], by: 'ada', reason: 'no longer wanted' });
  const next = await feed.night(lines('id,name', '1,eins', '2,two', ...many.map((row) => row.slice(0, 4))));

  expect(next).toMatchObject({ state: 'published' });
  const versions = await lab.sql.unsafe(
    `SELECT name, size FROM ${feed.feed.feed}.t_versions WHERE id = 1 ORDER BY _valid_from`,
  );
  expect(versions.map((row) => ({ ...row }))).toEqual([
    { name: 'one', size: 7 },
    { name: 'uno', size: null },
    { name: 'eins', size: null },
  ]);
});
