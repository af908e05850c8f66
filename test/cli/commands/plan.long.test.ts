import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';

const [first, second] = ['2026-11-18', '2026-11-19'] as const;
let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const ask = (command: string, date: string) => desk.ask(command, desk.feed, '--date', date);

/** A night that is planned ends as the night itself, and planning it leaves the database as it was. */
async function planThenRun(date: string) {
  const before = await everything();
  const planned = await ask('plan', date);
  expect(await everything()).toEqual(before);
  const done = await ask('run', date);
  expect([planned.code, planned.answer.state, planned.answer.error?.name]).toEqual([
    done.code,
    done.answer.state,
    done.answer.error?.name,
  ]);
  expect([planned.answer.run, planned.answer.tables, planned.answer.holds]).toEqual([
    done.answer.run,
    done.answer.tables,
    done.answer.holds,
  ]);
  return planned;
}

describe('plan ends as run would and writes neither ledger nor target', () => {
  test('on an empty database, then on one with data', async () => {
    await desk.deliver(first, itemsCsv(10));
    expect((await planThenRun(first)).answer).toMatchObject({
      state: 'published',
      tables: { items: { inserted: 10 } },
    });
    expect((await planThenRun(first)).answer).toMatchObject({ state: 'unchanged', run: `shop/${first}` });
    await desk.deliver(second, itemsCsv(12, 3));
    expect((await planThenRun(second)).answer).toMatchObject({
      state: 'published',
      tables: { items: { inserted: 2, updated: 3 } },
    });
  });

  test('held, and published once it is approved', async () => {
    await desk.deliver(first, itemsCsv(10));
    await ask('run', first);
    await desk.deliver(second, itemsCsv(6));
    expect((await planThenRun(second)).code).toBe(3);
    expect((await planThenRun(second)).code).toBe(3);
    await desk.ask('approve', `shop/${second}`, '--by', 'ada', '--reason', 'seen', '--no-run');
    expect((await planThenRun(second)).code).toBe(0);
  });

  test('a correction of a held and of a published night', async () => {
    await desk.deliver(first, itemsCsv(10));
    await ask('run', first);
    await desk.deliver(first, itemsCsv(6));
    expect((await planThenRun(first)).answer).toMatchObject({ state: 'held', run: `shop/${first}-r2` });
    await desk.deliver(first, itemsCsv(11));
    expect((await planThenRun(first)).answer).toMatchObject({ state: 'published', run: `shop/${first}-r3` });
  });

  test('late, refused, older', async () => {
    expect((await planThenRun(first)).code).toBe(4);
    await desk.deliver(second, itemsCsv(10).trimEnd());
    expect((await planThenRun(second)).code).toBe(5);
    await desk.deliver(second, itemsCsv(10));
    await ask('run', second);
    const older = await planThenRun(first);
    expect([older.code, older.answer.error.name]).toEqual([5, 'OLDER_DELIVERY']);
  });

  test('a table of that name that is not ours', async () => {
    await desk.query('CREATE TABLE items (id bigint)');
    await desk.deliver(first, itemsCsv(10));
    const planned = await planThenRun(first);
    expect([planned.code, planned.answer.error.name]).toEqual([2, 'TABLE_EXISTS']);
  });
});

test('for people it says what would be', async () => {
  await desk.deliver(first, itemsCsv(10));
  expect((await desk.run('plan', desk.feed, '--date', first)).stdout).toMatch(
    /^shop\/2026-11-18 {2}would be published {2}in /,
  );
});

test('run goes on from what plan has left', async () => {
  await desk.deliver(first, itemsCsv(10));
  expect((await ask('plan', first)).code).toBe(0);
  // For the listing it is the same file; whoever reads it again refuses it, because it does not end.
  await desk.deliver(first, itemsCsv(10).replace(/\n$/, '!'));
  expect((await ask('run', first)).answer).toMatchObject({ state: 'published', tables: { items: { inserted: 10 } } });
});

/** All relations, columns and functions that are not PostgreSQL's own, with where their rows lie, and all rows. */
async function everything(): Promise<unknown[]> {
  const own = `NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`;
  const catalog = await desk.query(`
    SELECT n.nspname, c.relname, c.oid, c.relfilenode, c.relkind, a.attname, a.atttypid
    FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid LEFT JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname ${own} ORDER BY 1, 2, a.attnum`);
  const functions = await desk.query(
    `SELECT p.oid, prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname ${own} ORDER BY 1`,
  );
  const tables = await desk.query(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ${own} AND relkind = 'r' ORDER BY 1`,
  );
  const rows = [];
  for (const { name } of tables)
    rows.push(await desk.query(`SELECT t.ctid::text, t.xmin::text, to_jsonb(t) FROM ${name} t ORDER BY t.ctid`));
  return [catalog, functions, rows];
}
