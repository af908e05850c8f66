import { afterEach, beforeEach, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';

const AHEAD = '2962-11-20';
const forced = ['--force', '--by', 'ada', '--reason', 'dated by fiscal year'];

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const ask = (command: string, ...more: string[]) => desk.ask(command, desk.feed, '--date', AHEAD, ...more);

test('a date later than tomorrow is refused, and nothing of it is left', async () => {
  await desk.deliver(AHEAD, itemsCsv(10));
  for (const command of ['run', 'plan', 'adopt']) {
    const { code, answer } = await ask(command);
    expect([command, code, answer.state, answer.run, answer.error.name]).toEqual([
      command,
      5,
      'refused',
      null,
      'DATE_AHEAD',
    ]);
  }
  expect((await desk.ask('history')).answer.runs).toEqual([]);
});

test('force lets it through, also when it is held and approved, and the ledger says by whom', async () => {
  await desk.describe('    rules: [{check: "id < 5", on_fail: hold}]\n');
  await desk.deliver(AHEAD, itemsCsv(10));
  expect(await ask('plan', ...forced)).toMatchObject({ code: 3, answer: { state: 'held', run: `shop/${AHEAD}` } });

  expect(await ask('run', ...forced)).toMatchObject({ code: 3, answer: { state: 'held' } });
  const approved = await desk.ask('approve', `shop/${AHEAD}`, '--by', 'bob', '--reason', 'seen');

  expect(approved).toMatchObject({ code: 0, answer: { state: 'published', run: `shop/${AHEAD}` } });
  const { answer } = await desk.ask('status', `shop/${AHEAD}`);
  expect(answer.run.forced).toEqual([
    { error: 'DATE_AHEAD', by: 'ada', reason: 'dated by fiscal year', at: expect.any(String) },
  ]);
  const { stdout } = await desk.run('status', `shop/${AHEAD}`);
  expect(stdout).toContain('DATE_AHEAD let through by ada: dated by fiscal year');
});

test('where nothing is to be forced, nothing is kept, and a note says so', async () => {
  await desk.deliver('2026-11-20', itemsCsv(10));
  const night = await desk.ask('run', desk.feed, '--date', '2026-11-20', ...forced);
  expect([night.code, night.stderr]).toEqual([0, expect.stringContaining('note: nothing had to be forced')]);
  expect((await desk.ask('status', 'shop/2026-11-20')).answer.run.forced).toEqual([]);
});
