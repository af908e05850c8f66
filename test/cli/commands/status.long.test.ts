import { afterEach, beforeEach, expect, test } from 'vitest';
import { Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.deliver('2026-11-20', itemsCsv(100));
  await desk.ask('run', desk.feed, '--date', '2026-11-20');
});
afterEach(() => desk.close());

const states = ({ answer }: { answer: { runs: { run: string; state: string; abandoned: boolean }[] } }) =>
  answer.runs.map(({ run, state, abandoned }) => [run, state, abandoned]);

test('a held run is not hidden behind a newer one; once approved, status says how it goes on', async () => {
  await desk.deliver('2026-11-21', itemsCsv(50));
  await desk.ask('run', desk.feed, '--date', '2026-11-21');
  await desk.ask('run', desk.feed, '--date', '2026-11-22');
  expect(states(await desk.ask('status'))).toEqual([
    ['shop/2026-11-22', 'late', false],
    ['shop/2026-11-21', 'held', false],
  ]);
  const detail = async () => (await desk.run('status', 'shop/2026-11-21')).stdout;
  expect(await detail()).toContain('Let it in: nightfeed approve shop/2026-11-21 --by YOU --reason WHY');
  await desk.ask('approve', 'shop/2026-11-21', '--by', 'ada', '--reason', 'season', '--no-run');
  expect(await detail()).not.toContain('Let it in');
  expect(await detail()).toContain('It is approved; go on with it: nightfeed approve shop/2026-11-21');
});

test('a run whose process was killed is not shown as at work; a published one shows its numbers', async () => {
  await desk.deliver('2026-11-21', itemsCsv(100, 3));
  const killed = await nightfeed(['run', desk.feed, '--date', '2026-11-21'], {
    ...desk.env,
    NIGHTFEED_FAIL_AT: 'pull.receipt',
  });
  expect(killed.code).toBe(null);
  expect(states(await desk.ask('status'))).toEqual([['shop/2026-11-21', 'running', true]]);
  expect((await desk.run('status')).stdout).toContain('its process ended; run the same command again');
  await desk.ask('run', desk.feed, '--date', '2026-11-21');
  const { stdout } = await desk.run('status', 'shop/2026-11-21');
  expect(stdout).toMatch(/items {2,}100 {2,}0 {2,}3 /);
  expect(stdout).toMatch(
    /^ {2}arrive [\d.]+ s, pull [\d.]+ s, diff [\d.]+ s, guard [\d.]+ s, publish [\d.]+ s, notify [\d.]+ s, tidy/m,
  );
  const [listed] = (await desk.ask('status')).answer.runs;
  expect(listed.step_times.publish).toEqual({
    began_at: expect.any(String),
    ended_at: expect.any(String),
    seconds: expect.any(Number),
    attempts: 1,
  });
});

test('what a held run rejected can be seen before anybody decides', async () => {
  await desk.deliver('2026-11-21', itemsCsv(100).replaceAll(/^(\d)5,/gm, 'x$15,'));
  expect((await desk.ask('run', desk.feed, '--date', '2026-11-21')).answer.state).toBe('held');
  expect((await desk.ask('quarantine', 'list')).answer).toEqual({
    quarantine: [],
    rows: 0,
    held: [{ run: 'shop/2026-11-21', feed: 'shop', date: '2026-11-21', table: 'items', rows: 9 }],
  });
  expect((await desk.run('quarantine', 'list')).stdout).toContain('nightfeed quarantine show shop/2026-11-21');
  const { rows } = (await desk.ask('quarantine', 'show', 'shop/2026-11-21')).answer;
  expect(rows).toHaveLength(9);
  expect(rows[0]).toMatchObject({ table: 'items', code: 'FORMAT', raw: expect.stringContaining('x15,') });
});

test('a script can tell a plan from a run', async () => {
  expect((await desk.ask('plan', desk.feed, '--date', '2026-11-20')).answer.plan).toBe(true);
  expect((await desk.ask('run', desk.feed, '--date', '2026-11-20')).answer).not.toHaveProperty('plan');
});
