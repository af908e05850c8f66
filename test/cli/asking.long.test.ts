import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../support/nights/command-line.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk.close());

test('before the first night there is nothing, and asking makes nothing', async () => {
  for (const command of ['status', 'history']) {
    expect(await desk.ask(command)).toMatchObject({ code: 0, answer: { runs: [] } });
    expect((await desk.run(command)).stdout).toBe('No runs yet.\n');
  }
  expect(await desk.ask('audit', desk.feed)).toMatchObject({ code: 0, answer: { feed: 'shop', tables: [] } });
  expect(await desk.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'nightfeed%'`)).toEqual([]);
});

test('validate', async () => {
  expect(await desk.ask('validate', desk.feed)).toMatchObject({
    code: 0,
    answer: { feed: 'shop', valid: true, warnings: [] },
  });
  expect((await desk.run('validate', desk.feed)).stdout).toContain(
    'public.items  2 columns, key id, rows that vanish: retain',
  );
});

test('migrate says what it did, once', async () => {
  const { code, answer } = await desk.ask('migrate', desk.feed);
  expect(code).toBe(0);
  expect(answer).toEqual({ feed: 'shop', done: expect.arrayContaining(['table public.items']) });
  expect((await desk.ask('migrate', desk.feed)).answer).toEqual({ feed: 'shop', done: [] });
  expect((await desk.run('migrate', desk.feed)).stdout).toBe('Nothing to do.\n');
});

describe('after two nights', () => {
  beforeAll(async () => {
    for (const [date, rows] of [
      ['2026-11-18', 10],
      ['2026-11-19', 6],
    ] as const) {
      await desk.deliver(date, itemsCsv(rows));
      await desk.run('run', desk.feed, '--date', date);
    }
  });

  test('history has all runs, newest first; status the newest of each feed', async () => {
    const published = { run: 'shop/2026-11-18', feed: 'shop', date: '2026-11-18', state: 'published', attempt: 1 };
    const held = { run: 'shop/2026-11-19', feed: 'shop', date: '2026-11-19', state: 'held', attempt: 1, error: null };
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const { code, answer } = await desk.ask('history');
    expect(code).toBe(0);
    expect(answer.runs).toMatchObject([held, published]);
    expect(answer.runs[0]).toMatchObject({
      holds: [{ guard: 'ROWCOUNT_DROP' }, { guard: 'MASS_DELETE' }],
      opened_at: time,
      ended_at: time,
    });
    expect(answer.runs[0].tables.items).toMatchObject({ rows: 6, gone: 4 });
    expect((await desk.ask('history', '--limit', '1')).answer.runs).toMatchObject([held]);
    expect((await desk.ask('status')).answer.runs).toMatchObject([held]);
    expect((await desk.run('status')).stdout).toMatch(
      /^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}shop\/2026-11-19 +held +ROWCOUNT_DROP, MASS_DELETE\n$/,
    );
  });

  test('status of one run has what its guards are about, and how to decide', async () => {
    const { stdout } = await desk.run('status', 'shop/2026-11-19');
    expect(stdout).toContain(
      '  MASS_DELETE  items: 40.0 % of the rows are gone; at most 5.0 % is allowed\n      id 7 | name: item 7\n',
    );
    expect(stdout).toContain('nightfeed approve shop/2026-11-19 --guard MASS_DELETE --by YOU --reason WHY\n');
    expect(await desk.ask('status', 'shop/2026-11-19')).toMatchObject({
      code: 0,
      answer: {
        run: {
          run: 'shop/2026-11-19',
          open: ['ROWCOUNT_DROP', 'MASS_DELETE'],
          measures: { tables: { items: { gone: 0.4, rows: -0.4 } } },
          decisions: [],
          samples: [
            { guard: 'ROWCOUNT_DROP', rows: expect.arrayContaining(['id 10 | name: item 10']) },
            { guard: 'MASS_DELETE', rows: expect.any(Array) },
          ],
        },
      },
    });
    expect(await desk.ask('status', 'shop/2026-11-01')).toMatchObject({
      code: 2,
      answer: { error: { name: 'RUN_UNKNOWN' } },
    });
  });

  test('an approval of one guard says what still waits, and who said what', async () => {
    const decision = ['shop/2026-11-19', '--by', 'ada', '--reason', '=seen\n'];
    const { code, stdout } = await desk.run('approve', ...decision, '--guard', 'MASS_DELETE');
    expect(code).toBe(3);
    expect(stdout).toBe(
      'shop/2026-11-19  approved by ada\n  ROWCOUNT_DROP  waits for a decision: nightfeed approve shop/2026-11-19 --guard ROWCOUNT_DROP --by YOU --reason WHY\n',
    );
    expect((await desk.run('status', 'shop/2026-11-19')).stdout).toContain("approved MASS_DELETE by ada: '=seen\\n\n");
  });

  test('approve and reject know only held runs', async () => {
    for (const command of ['approve', 'reject']) {
      const unknown = await desk.ask(command, 'shop/2026-11-01', '--by', 'ada', '--reason', 'seen');
      expect([unknown.code, unknown.answer.state, unknown.answer.error.name]).toEqual([2, null, 'RUN_UNKNOWN']);
      const over = await desk.ask(command, 'shop/2026-11-18', '--by', 'ada', '--reason', 'seen');
      expect([over.code, over.answer.state, over.answer.error.name]).toEqual([2, null, 'NOT_HELD']);
    }
  });

  test('audit agrees, and no longer when somebody else has written: 1', async () => {
    const agreeing = await desk.ask('audit', desk.feed);
    expect(agreeing).toMatchObject({ code: 0, answer: { feed: 'shop', tables: [{ table: 'items', agrees: true }] } });
    await desk.query(`UPDATE items SET name = 'mine' WHERE id = 3`);
    const differing = await desk.ask('audit', desk.feed);
    expect(differing).toMatchObject({ code: 1, answer: { tables: [{ table: 'items', agrees: false }] } });
    expect((await desk.run('audit', desk.feed)).stdout).toContain('somebody else changed the table');
  });
});
