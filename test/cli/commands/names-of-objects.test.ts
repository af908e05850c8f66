import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Desk } from '../../support/nights/command-line.ts';

/** Names that every object of JavaScript has, for a table, its columns, its rules and its file. */
const feed = (engine: string) => `feed: shop
source: {folder: "./inbox/{date}"}
engine: ${engine}
tables:
  constructor:
    files: __proto__
    history: true
    guards: {rejected: 90%, min_rows: 0, updated: 100%, gone: 90%}
    rules:
      - {name: __proto__, check: "\\"toString\\" > 0", on_fail: warn}
      - {name: constructor, check: "\\"toString\\" < 100", on_fail: hold}
    columns:
      hasOwnProperty: {type: bigint, key: true}
      __proto__: text
      valueOf: text
      toString: integer
`;

let desk: Desk;
let sql: postgres.Sql;
beforeEach(async () => {
  desk = await Desk.open();
  sql = postgres(desk.url, { max: 1, onnotice: () => {} });
});
afterEach(async () => {
  await sql.end();
  await desk.close();
});

async function deliver(date: string, ...lines: string[]): Promise<void> {
  const inbox = join(desk.folder, 'inbox', date);
  await mkdir(inbox, { recursive: true });
  await writeFile(join(inbox, '__proto__'), ['hasOwnProperty,__proto__,valueOf,toString', ...lines, ''].join('\n'));
  const settled = new Date('2026-11-01T00:00:00Z');
  await utimes(join(inbox, '__proto__'), settled, settled);
}

const held = () =>
  sql`SELECT "hasOwnProperty"::int, "__proto__", "valueOf", "toString" FROM public.constructor ORDER BY 1`.values();

test.each(['auto', 'duckdb'])('tables, columns, rules and files may have them, with engine %s', async (engine) => {
  await writeFile(desk.feed, feed(engine));
  await deliver('2026-11-20', '1,one,x,1', '2,two,x,2', '3,three,,3', 'four,rejected,x,4');
  const first = await desk.ask('run', desk.feed, '--date', '2026-11-20');
  expect(first.answer).toMatchObject({ state: 'published', error: null });
  expect(first.answer.tables.constructor).toMatchObject({ inserted: 3, rejected: 1 });

  await deliver('2026-11-21', '1,changed,x,1', '2,two,,-2', '5,five,x,5');
  const second = await desk.ask('run', desk.feed, '--date', '2026-11-21');
  expect(second.answer).toMatchObject({ state: 'published', holds: [] });
  expect(second.answer.tables.constructor).toMatchObject({ inserted: 1, updated: 2, gone: 1 });
  expect(JSON.stringify(second.answer.warnings)).toContain('__proto__');
  expect([...(await held())]).toEqual([
    [1, 'changed', 'x', 1],
    [2, 'two', null, -2],
    [3, 'three', null, 3],
    [5, 'five', 'x', 5],
  ]);

  await deliver('2026-11-22', '1,changed,x,1', '2,two,,-2', '5,five,x,500');
  const third = await desk.ask('run', desk.feed, '--date', '2026-11-22');
  expect(third.answer).toMatchObject({ state: 'held', holds: [{ table: 'constructor' }] });
  const approved = await desk.ask('approve', 'shop/2026-11-22', '--by', 'ada', '--reason', 'right');
  expect(approved.answer).toMatchObject({ state: 'published' });
  expect((await held())[3]).toEqual([5, 'five', 'x', 500]);

  const shown = await desk.ask('quarantine', 'show', 'shop/2026-11-20');
  expect(shown.answer.rows).toMatchObject([{ table: 'constructor', column: 'hasOwnProperty', file: '__proto__' }]);
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0 });
  expect(await desk.ask('status', 'shop/2026-11-22')).toMatchObject({ code: 0 });
});

test('what has such a name and was not declared is not there', async () => {
  await desk.describe('    rules: [{unique: [constructor]}]\n');
  const { answer } = await desk.ask('validate', desk.feed);
  expect(answer.error).toMatchObject({
    name: 'FEED_INVALID',
    message: expect.stringContaining('no column "constructor"'),
  });
  await desk.describe('');
  const adopted = await desk.ask('adopt', desk.feed, 'toString');
  expect(adopted.answer.error).toMatchObject({ name: 'USAGE' });
});
