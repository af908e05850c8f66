import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFull } from '../support/full.ts';
import { answerOf, nightfeed } from '../support/nights/command-line.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres/postgres.ts';

const page = readFileSync(new URL('../../docs/changing-a-feed.md', import.meta.url), 'utf8');

const columns = ['id: {type: bigint, key: true}', 'name: text', 'price: "decimal(6,2)"', 'note: text'];
const rows = ['id,name,price,note', '1,one ,1.00,a', '2,two,2.00,b', '3,three,3.00,c', '4,four,4.00,d'];
const wide = rows.map((row, index) => `${row},${index === 0 ? 'extra' : `x${index}`}`);

interface Change {
  /** First words of the row in the page's table. */
  readonly row: string;
  readonly with?: string;
  readonly columns?: readonly string[];
  /** Lines of the table beside its columns, and more tables. */
  readonly table?: string;
  readonly tables?: string;
  readonly guards?: string;
  readonly schema?: string;
  /** What the vendor sends then; the same as before unless told. */
  readonly next?: readonly string[];
  /** Part of what `migrate` says; with `needs`, of the SQL that it wants to be run, which the test does. */
  readonly migrate?: string;
  readonly needs?: string;
  /** What a person does then. */
  readonly sql?: string;
  /** The night after that. */
  readonly night: object;
  readonly after?: (sql: postgres.Sql, schema: string) => Promise<void>;
}

const nothing = { state: 'published', tables: { t: { inserted: 0, updated: 0, gone: 0, rejected: 0, unchanged: 4 } } };
const massUpdate = { state: 'held', holds: [{ guard: 'MASS_UPDATE' }] };
const count = async (sql: postgres.Sql, schema: string, relation: string) =>
  Number((await sql.unsafe(`SELECT count(*) AS n FROM ${schema}.${relation}`))[0]!.n);

const changes: readonly Change[] = [
  { row: 'a column more', columns: [...columns, 'extra: text'], next: wide, migrate: 'extra', night: massUpdate },
  {
    row: 'a column more',
    with: 'compare: false',
    columns: [...columns, 'extra: {type: text, compare: false}'],
    next: wide,
    migrate: 'extra',
    night: nothing,
  },
  {
    row: 'a column less',
    columns: columns.slice(0, 3),
    next: rows.map((row) => row.replace(/,\w+$/, '')),
    migrate: 'note',
    night: nothing,
    after: async (sql, schema) => {
      const [first] = await sql.unsafe(`SELECT note FROM ${schema}.t ORDER BY id`);
      expect(first).toEqual({ note: 'a' });
    },
  },
  {
    row: 'a column less',
    with: 'a vendor who sends it on',
    columns: columns.slice(0, 3),
    migrate: 'note',
    night: { state: 'held', holds: [{ guard: 'SCHEMA_ADD' }] },
  },
  {
    row: 'a column less',
    with: 'store: false',
    columns: columns.with(3, 'note: {type: text, store: false}'),
    migrate: 'note',
    night: nothing,
  },
  {
    row: 'a column renamed',
    columns: columns.with(3, 'remark: text'),
    next: rows.with(0, 'id,name,price,remark'),
    migrate: 'remark',
    night: massUpdate,
  },
  {
    row: 'a column renamed',
    with: 'its values copied after migrate',
    columns: columns.with(3, 'remark: text'),
    next: rows.with(0, 'id,name,price,remark'),
    migrate: 'remark',
    sql: 'UPDATE {schema}.t SET remark = note',
    night: nothing,
  },
  { row: 'the order of columns', columns: columns.toReversed(), night: nothing },
  {
    row: 'another type',
    columns: columns.with(2, 'price: "decimal(9,3)"'),
    needs: 'ALTER COLUMN "price" TYPE numeric(9,3)',
    next: rows.with(1, '1,one ,1.005,a'),
    night: { state: 'published', tables: { t: { updated: 1, unchanged: 3 } } },
  },
  {
    row: 'another key',
    columns: columns.with(1, 'name: {type: text, key: true}'),
    needs: 'PRIMARY KEY',
    next: rows.with(1, '1,uno,1.00,a'),
    night: { state: 'published', tables: { t: { inserted: 1, updated: 0, gone: 1 } } },
  },
  {
    row: 'cleaning, value options',
    columns: columns.with(1, 'name: {type: text, trim: true}'),
    night: { state: 'published', tables: { t: { updated: 1, unchanged: 3 } } },
  },
  {
    row: 'a filter',
    table: 'where: "id < 4"',
    night: { state: 'published', tables: { t: { gone: 1, updated: 0, filtered: 1 } } },
  },
  {
    row: 'a filter',
    with: 'more than the guard allows',
    table: 'where: "id < 2"',
    night: { state: 'held', holds: expect.arrayContaining([expect.objectContaining({ guard: 'MASS_DELETE' })]) },
  },
  {
    row: '`collapse`',
    table: 'collapse: {newest: price}',
    next: [...rows, '1,uno,1.50,a', '2,zwei,1.50,b'],
    night: { state: 'published', tables: { t: { updated: 1, unchanged: 3, collapsed: 2, rejected: 0 } } },
  },
  {
    row: 'a rule',
    columns: columns.with(2, 'price: {type: "decimal(6,2)", min: 2}'),
    night: { state: 'published', tables: { t: { rejected: 1, gone: 0, updated: 0 } } },
    after: async (sql, schema) => expect(await count(sql, schema, 't WHERE _gone_since IS NULL')).toBe(4),
  },
  { row: 'guards, schedule, source', guards: '{min_rows: 0, gone: 1%}', night: nothing },
  {
    row: '`history: true`',
    table: 'history: true',
    next: rows.with(1, '1,one ,1.50,a'),
    migrate: 't_history',
    night: { state: 'published', tables: { t: { updated: 1 } } },
    after: async (sql, schema) => {
      expect(await count(sql, schema, 't_history')).toBe(1);
      expect(await count(sql, schema, 't_versions')).toBe(5);
    },
  },
  {
    row: '`target.schema`',
    schema: 'elsewhere',
    migrate: 'table elsewhere.t',
    night: { state: 'published', tables: { t: { inserted: 4 } } },
  },
  {
    row: 'a table more',
    tables:
      '  u: {files: "t.csv.copy", guards: {min_rows: 0}, columns: {id: {type: bigint, key: true}, name: text, price: text, note: text}}\n',
    migrate: '.u',
    night: { state: 'published', tables: { t: { unchanged: 4 }, u: { inserted: 4 } } },
  },
];

let database: FreshDatabase;
let folder: string;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'changing-a-feed-'));
  sql = postgres(database.url, { max: 2, onnotice: () => {}, fetch_types: false });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** The others meet nothing that these do not. */
const tried = changes.filter(({ row, with: more }) => isFull || more === undefined || row === 'a column renamed');

test.concurrent.each(
  tried.map((change) => [change.row, change.with ?? 'nothing else', changes.indexOf(change)] as const),
)(
  '%s, with %s',
  async (_row, _with, index) => {
    const change = changes[index]!;
    const place = join(folder, String(index));
    const schema = `feed${index}`;
    const feed = join(place, 'feed.yaml');
    const ask = async (...args: string[]) => {
      const env = { NIGHTFEED_DATABASE_URL: database.url, NIGHTFEED_HOME: join(place, 'home') };
      const ended = await nightfeed([...args, '--json'], env);
      return { code: ended.code, answer: answerOf(ended), said: ended.stderr + ended.stdout };
    };
    deliver(place, '2026-11-19', rows);
    writeFileSync(feed, feedText(schema, {}));
    expect(await ask('run', feed, '--date', '2026-11-19')).toMatchObject({ code: 0 });

    writeFileSync(feed, feedText(schema, change));
    deliver(place, '2026-11-20', change.next ?? rows);
    const migrated = await ask('migrate', feed);
    if (change.needs !== undefined) {
      expect(migrated).toMatchObject({ code: 2, answer: { error: { name: 'MIGRATION_NEEDED' } } });
      const message = migrated.answer.error!.message;
      expect(message).toContain(change.needs);
      const session = await sql.reserve();
      await session.unsafe(message.slice(message.indexOf('BEGIN;')));
      session.release();
      expect(await ask('migrate', feed)).toMatchObject({ code: 0 });
    } else {
      expect(migrated, migrated.said).toMatchObject({ code: 0 });
      const { done } = migrated.answer as unknown as { done: string[] };
      expect(done.join()).toContain(change.migrate ?? '');
      if (change.migrate === undefined) expect(done).toEqual([]);
    }
    if (change.sql) await sql.unsafe(change.sql.replaceAll('{schema}', schema));

    const planned = await ask('plan', feed, '--date', '2026-11-20');
    const night = await ask('run', feed, '--date', '2026-11-20');

    expect(night.answer, night.said).toMatchObject(change.night);
    expect(planned.answer, planned.said).toMatchObject(change.night);
    await change.after?.(sql, schema);
  },
  120_000,
);

test('every row of the table is tried', () => {
  const [table] = page.split('## When the vendor')[0]!.match(/^\| change[\s\S]*?\n\n/m)!;
  const titles = table!.trim().split('\n').slice(2);
  expect(titles.filter((title) => !changes.some(({ row }) => title.startsWith(`| ${row}`)))).toEqual([]);
});

function deliver(place: string, date: string, lines: readonly string[]): void {
  const inbox = join(place, 'inbox', date);
  mkdirSync(inbox, { recursive: true });
  const settled = new Date('2026-11-01T00:00:00Z');
  for (const name of ['t.csv', 't.csv.copy']) {
    writeFileSync(join(inbox, name), `${lines.join('\n')}\n`);
    utimesSync(join(inbox, name), settled, settled);
  }
}

function feedText(schema: string, change: Partial<Change>): string {
  const guards = change.guards ?? '{min_rows: 0, updated: 50%, gone: 30%, rejected: 50%, rows: [-90%, +900%]}';
  return `feed: ${schema}
source: {folder: "./inbox/{date}"}
target: {schema: ${change.schema ?? schema}}
tables:
  t:
    files: t.csv
    guards: ${guards}
${change.table ? `    ${change.table}\n` : ''}    columns:
${(change.columns ?? columns).map((column) => `      ${column}\n`).join('')}${change.tables ?? ''}`;
}
