import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerOf, Desk, itemsCsv, start } from '../../support/nights/command-line.ts';

const [first, second, third] = ['2026-11-18', '2026-11-19', '2026-11-20'] as const;
const decided = ['--by', 'ada', '--reason', 'the outlet closed'];
const numbers = {
  rows: 0,
  inserted: 0,
  updated: 0,
  returned: 0,
  gone: 0,
  unchanged: 0,
  rejected: 0,
  filtered: 0,
  suspended: 0,
};
const seconds = expect.any(Number);

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const night = (date: string, command = 'run') => desk.ask(command, desk.feed, '--date', date);

describe('run', () => {
  test('published 0, then unchanged 0', async () => {
    await desk.deliver(first, itemsCsv(10));
    const published = await night(first);
    expect(published.code).toBe(0);
    expect(published.answer).toEqual({
      run: `shop/${first}`,
      state: 'published',
      date: first,
      attempt: 1,
      tables: { items: { ...numbers, rows: 10, inserted: 10, engine: 'duckdb' } },
      holds: [],
      warnings: [],
      error: null,
      seconds,
      steps: {
        arrive: seconds,
        pull: seconds,
        diff: seconds,
        guard: seconds,
        publish: seconds,
        notify: seconds,
        tidy: seconds,
      },
    });

    const unchanged = await night(first);
    expect(unchanged.code).toBe(0);
    expect(unchanged.answer).toMatchObject({ run: `shop/${first}`, state: 'unchanged', tables: {}, error: null });
  });

  test('held 3, approved and published 0', async () => {
    await desk.deliver(first, itemsCsv(10));
    await night(first);
    await desk.deliver(second, itemsCsv(6));
    const held = await night(second);
    expect(held.code).toBe(3);
    expect(held.answer).toMatchObject({
      run: `shop/${second}`,
      state: 'held',
      tables: { items: { rows: 6, gone: 4, unchanged: 6 } },
      holds: [
        { table: 'items', guard: 'ROWCOUNT_DROP', value: -0.4, limit: -0.2 },
        { table: 'items', guard: 'MASS_DELETE', value: 0.4, limit: 0.05 },
      ],
      error: null,
    });

    const recorded = await desk.ask('approve', `shop/${second}`, ...decided, '--no-run');
    expect(recorded.code).toBe(0);
    expect(recorded.answer).toMatchObject({ run: `shop/${second}`, state: 'held', error: null, steps: {} });

    const approved = await desk.ask('approve', `shop/${second}`, ...decided);
    expect(approved.code).toBe(0);
    expect(approved.answer).toMatchObject({
      run: `shop/${second}`,
      state: 'published',
      tables: { items: { gone: 4 } },
    });

    const again = await desk.ask('approve', `shop/${second}`, ...decided);
    expect(again).toMatchObject({ code: 0, answer: { run: `shop/${second}`, state: 'unchanged', error: null } });
  });

  test('rejected: recorded with 0, asked again 5', async () => {
    await desk.deliver(first, itemsCsv(10));
    await night(first);
    await desk.deliver(second, itemsCsv(6));
    await night(second);
    const rejected = await desk.ask('reject', `shop/${second}`, ...decided);
    expect(rejected.code).toBe(0);
    expect(rejected.answer).toMatchObject({
      run: `shop/${second}`,
      state: 'rejected',
      error: null,
      tables: { items: { gone: 4 } },
    });
    const again = await night(second);
    expect([again.code, again.answer.state]).toEqual([5, 'rejected']);
  });

  test('superseded 5, older 5', async () => {
    await desk.deliver(first, itemsCsv(10));
    await night(first);
    await desk.deliver(second, itemsCsv(6));
    await night(second);
    await desk.deliver(third, itemsCsv(11));
    expect((await night(third)).code).toBe(0);
    for (const [date, state] of [
      [second, 'refused'],
      [first, 'refused'],
    ] as const) {
      const { code, answer } = await night(date);
      expect([code, answer.state, answer.error?.name]).toEqual([5, state, 'OLDER_DELIVERY']);
    }
    const { answer } = await desk.ask('history');
    expect(answer.runs.map((run: { date: string; state: string }) => [run.date, run.state])).toContainEqual([
      second,
      'superseded',
    ]);
  });

  test('late 4, also without a folder; past the deadline it does not wait', async () => {
    const { code, answer } = await night(first);
    expect([code, answer.state, answer.error.name]).toEqual([4, 'late', 'LATE']);
    expect(answer.error.message).toContain('no file yet for items (items.csv)');
    await desk.describe('schedule: {at: "02:00", timezone: UTC, deadline: "03:00"}\n');
    const past = await night(first);
    expect([past.code, past.answer.error.message]).toEqual([4, expect.stringContaining('2026-11-18T03:00:00.000Z')]);
  });

  test('before the deadline it says that it waits', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await desk.describe('schedule: {at: "02:00", timezone: UTC, deadline: "03:00"}\n');
    const waiting = start(['run', desk.feed, '--date', tomorrow, '--json'], desk.env);
    const said = new Promise<string>((resolve) => {
      waiting.process.stderr!.on('data', (chunk: Buffer) => /waiting/.test(`${chunk}`) && resolve(`${chunk}`));
    });
    expect(await said).toContain(`waiting until ${tomorrow} 03:00 in UTC (${tomorrow}T03:00:00.000Z)`);
    waiting.process.kill();
    expect((await waiting.ended).code).toBe(143);
  });

  test('refused 5', async () => {
    await desk.deliver(first, itemsCsv(10).trimEnd());
    const { code, answer } = await night(first);
    expect(code).toBe(5);
    expect(answer).toMatchObject({
      run: `shop/${first}`,
      state: 'refused',
      tables: {},
      error: { name: 'NO_FINAL_NEWLINE' },
    });
  });

  test('failed 1', async () => {
    await desk.deliver(first, itemsCsv(10));
    const closed = { ...desk.env, NIGHTFEED_DATABASE_URL: 'postgres://ada:hunter2@127.0.0.1:1/shop' };
    const ended = await start(['run', desk.feed, '--date', first, '--json'], closed).ended;
    expect(ended.code).toBe(1);
    expect(answerOf(ended)).toMatchObject({ run: null, state: 'failed', error: { name: 'DATABASE_UNAVAILABLE' } });
    expect(ended.stdout + ended.stderr).not.toContain('hunter2');
  });

  test('busy 6, state running', async () => {
    await desk.deliver(first, itemsCsv(10));
    const frozen = start(['run', desk.feed, '--date', first, '--json'], {
      ...desk.env,
      NIGHTFEED_FAIL_AT: 'pull.bytes:stop',
    });
    await new Promise<void>((resolve) => {
      frozen.process.stderr!.on('data', (chunk: Buffer) => /pull/.test(`${chunk}`) && resolve());
    });
    for (const command of ['run', 'plan']) {
      const { code, answer } = await night(first, command);
      expect([code, answer.state, answer.error.name]).toEqual([6, 'running', 'BUSY']);
      expect(answer.error.message).toContain(`process ${frozen.process.pid}`);
    }
    frozen.process.kill('SIGKILL');
    await frozen.ended;
    expect((await night(first)).code).toBe(0);
  });
});

describe('for people', () => {
  test('a table of numbers without colours, and how to decide', async () => {
    await desk.deliver(first, itemsCsv(10));
    const published = await desk.run('run', desk.feed, '--date', first);
    expect(published.stdout).toMatch(
      /^shop\/2026-11-18 {2}published {2}in [\d.]+ s\n {2}table .*\n {2}items +10 +10 +0/,
    );
    expect(published.stderr).toMatch(/arrive\n.*pull\n.*diff\n/);
    await desk.deliver(second, itemsCsv(6));
    const held = await desk.run('run', desk.feed, '--date', second);
    expect(held.stdout).toContain('MASS_DELETE  items: 40.0 % of the rows are gone; at most 5.0 % is allowed');
    expect(held.stdout).toContain(`nightfeed approve shop/${second} --by YOU --reason WHY`);
    expect(published.stdout + published.stderr + held.stdout + held.stderr).not.toContain('\u001b');
  });
});
