import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';

/** What the ledger says we hold, and somebody took away: refused by name, and started anew only on purpose. */

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

const columns = { id: { type: 'integer', key: true }, name: 'text', note: { type: 'text', compare: false } };
const guards = { min_rows: 0, rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100000%'] };
const table = tableOf(columns, { history: true, guards });
const first = { 't.csv': 'id,name,note\n1,one,a\n2,two,b\n' };
const next = { 't.csv': 'id,name,note\n1,one,a\n2,two,b\n3,three,c\n' };
const rows = [
  ['1', 'one', 'a'],
  ['2', 'two', 'b'],
  ['3', 'three', 'c'],
];

const cases = [
  ['the table', 'DROP TABLE $t CASCADE', ['table $t'], rows],
  ['the table under its name', 'ALTER TABLE $t RENAME TO elsewhere', ['table $t'], rows],
  ['a compared column', 'ALTER TABLE $t DROP name CASCADE', ['column $t.name'], rows],
  // Of rows that do not change, nobody compares it.
  ['another column', 'ALTER TABLE $t DROP note CASCADE', ['column $t.note'], null],
  ['a column of ours', 'ALTER TABLE $t DROP _gone_since CASCADE', ['column $t._gone_since'], rows],
  ['the history', 'DROP TABLE $t_history CASCADE', ['table $t_history'], rows],
  ['a column of the history', 'ALTER TABLE $t_history DROP note CASCADE', ['column $t_history.note'], rows],
] as const;

test.each(cases)('%s is gone', async (_what, sql, missing, live) => {
  const feed = await lab.feed(table, first);
  const { schema } = feed.feed.target;
  const named = (text: string) => text.replaceAll('$t', `${schema}.t`);
  await lab.sql.unsafe(named(sql));
  const message = `the ledger says that these hold rows, and they are not there: ${missing.map(named).join(', ')}`;

  await expect(feed.change(table)).rejects.toMatchObject({
    name: 'TARGET_MISSING',
    message,
    hint: expect.stringContaining('migrate FEED.yaml --restart t --by WHO --reason WHY'),
  });
  expect(await feed.night(next)).toMatchObject({ state: 'refused', error: { name: 'TARGET_MISSING', message } });

  await feed.change(table, { target: { schema } }, { tables: ['t'], by: 'ada', reason: 'dropped by mistake' });
  expect(await feed.night(next)).toMatchObject({ state: 'published', error: null });
  if (live) expect(await feed.rows()).toEqual(live);
  expect(await feed.isProved()).toBe(true);
  const [told] =
    await lab.sql`SELECT table_name, restarted_by, reason FROM nightfeed.restart WHERE feed = ${feed.feed.feed}`;
  expect(told).toEqual({ table_name: 't', restarted_by: 'ada', reason: 'dropped by mistake' });
});

test.each([
  ['table', 'DROP TABLE $t CASCADE', '$t is not there'],
  ['column', 'ALTER TABLE $t DROP name CASCADE', 'the column name of $t is not there'],
])('audit names a %s that is gone', async (_what, sql, message) => {
  const feed = await lab.feed(table, first);
  const named = (text: string) => text.replaceAll('$t', `${feed.feed.target.schema}.t`);
  await lab.sql.unsafe(named(sql));
  await expect(feed.isProved()).rejects.toMatchObject({
    name: 'TARGET_MISSING',
    message: expect.stringContaining(named(message)),
  });
});

test('a view that is gone holds nothing, and is made again', async () => {
  const feed = await lab.feed(table, first);
  const { schema } = feed.feed.target;
  await lab.sql.unsafe(`DROP VIEW ${schema}.t_versions`);
  await feed.change(table, { target: { schema } });
  expect(await feed.night(next)).toMatchObject({ state: 'published' });
  expect(await lab.sql.unsafe(`SELECT id FROM ${schema}.t_versions`)).toHaveLength(3);
});

test('the same night again fills a table that was started anew, and one in another schema', async () => {
  const feed = await lab.feed(table, first);
  const { schema } = feed.feed.target;
  expect(await feed.again()).toMatchObject({ state: 'unchanged' });
  await lab.sql.unsafe(`DROP TABLE ${schema}.t CASCADE`);
  await feed.change(table, { target: { schema } }, { tables: ['t'], by: 'ada', reason: 'dropped by mistake' });
  expect(await feed.again()).toMatchObject({ state: 'published' });
  expect(await feed.rows()).toEqual(rows.slice(0, 2));
  expect(await feed.again()).toMatchObject({ state: 'unchanged' });

  await feed.change(table, { target: { schema: `${schema}_new` } });
  expect(await feed.again()).toMatchObject({ state: 'published' });
  expect(await feed.rows()).toEqual(rows.slice(0, 2));
});

test('rows that somebody writes while a table starts anew are met by starting it once more', async () => {
  const feed = await lab.feed(table, first);
  const { schema } = feed.feed.target;
  const startAnew = () =>
    feed.change(table, { target: { schema } }, { tables: ['t'], by: 'ada', reason: 'what it holds is right' });
  await startAnew();
  lab.reached = (point) => {
    if (point !== 'diff.receipt') return;
    lab.reached = () => {};
    return lab.sql.unsafe(
      `INSERT INTO ${schema}.t (id, name, note, _first_seen, _last_changed) VALUES (9, 'nine', 'x', '2026-01-01', '2026-01-01')`,
    );
  };
  expect(await feed.night(next)).toMatchObject({ state: 'failed', error: { name: 'DRIFT' } });
  expect(await feed.again()).toMatchObject({ state: 'failed', error: { name: 'DRIFT' } });
  await startAnew();
  expect(await feed.again()).toMatchObject({ state: 'published', error: null });
  expect(await feed.rows()).toEqual(rows);
  expect(await feed.isProved()).toBe(true);
});

test('rows that somebody took away are no empty base', async () => {
  const feed = await lab.feed(table, first);
  await lab.sql.unsafe(`TRUNCATE ${feed.feed.target.schema}.t`);
  expect(await feed.night(next)).toMatchObject({ state: 'failed', error: { name: 'DRIFT' } });
});

test('a column that the feed file dropped before may go, and come again as new', async () => {
  const feed = await lab.feed(table, first);
  const { note: _note, ...fewer } = columns;
  const without = tableOf(fewer, { guards });
  await feed.change(without);
  const { schema } = feed.feed.target;
  await lab.sql.unsafe(`ALTER TABLE ${schema}.t DROP note CASCADE; DROP TABLE ${schema}.t_history CASCADE`);
  await feed.change(without);
  expect(await feed.night({ 't.csv': 'id,name\n1,one\n2,two\n' })).toMatchObject({ state: 'published' });

  await feed.change(tableOf({ ...columns, note: 'text' }, { history: true, guards }));
  expect(await feed.night(next)).toMatchObject({ state: 'published', updated: 2 });
  expect(await feed.rows()).toEqual(rows);
  expect(await feed.isProved()).toBe(true);
});

test('a column that only the history has any more does not keep a new one out', async () => {
  const { note: _note, ...fewer } = columns;
  const without = tableOf(fewer, { history: true, guards, contract: { added: 'evolve' } });
  const feed = await lab.feed(table, first);
  await feed.change(without);
  const { schema } = feed.feed.target;
  await lab.sql.unsafe(`ALTER TABLE ${schema}.t DROP note CASCADE`);
  await feed.change(without);
  const sent = { 't.csv': 'id,name,more\n1,one,x\n2,deux,y\n' };
  expect(await feed.night(sent)).toMatchObject({ state: 'published', error: null });
  const versions = await lab.sql.unsafe(
    `SELECT id, more, note FROM ${schema}.t_versions WHERE _valid_to IS NULL ORDER BY id`,
  );
  expect([...versions]).toEqual([
    { id: 1, more: null, note: null },
    { id: 2, more: 'y', note: null },
  ]);
});

test('a database or a role with settings of its own reads the same', async () => {
  const doubles = { id: { type: 'integer', key: true }, d: 'double', at: 'timestamptz', day: 'date', note: 'text' };
  const lines = 'id,d,at,day,note\n1,0.1234567890123456,2024-03-01T00:30:00Z,2024-03-01,a\n';
  const feed = await lab.feed(tableOf(doubles, { guards }), { 't.csv': lines });
  const [{ name }] = (await lab.sql`SELECT current_database() AS name`) as unknown as [{ name: string }];
  for (const setting of ['extra_float_digits = -10', "DateStyle = 'SQL, DMY'", "TimeZone = 'America/New_York'"])
    await lab.sql.unsafe(`ALTER DATABASE ${name} SET ${setting}`);
  // With a base that is read back.
  await feed.change(tableOf({ ...doubles, note: { type: 'text', trim: true } }, { guards }));
  expect(await feed.night({ 't.csv': lines })).toMatchObject({ state: 'published', error: null, updated: 0 });
  expect(await feed.isProved()).toBe(true);
});
