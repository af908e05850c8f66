import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

let desk: Desk;
let elsewhere: string;

beforeEach(async () => {
  desk = await Desk.open();
  elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'nightfeed-elsewhere-')));
  await desk.deliver('2026-11-20', itemsCsv(10));
  await desk.deliver('2026-11-21', itemsCsv(10, 2));
});
afterEach(async () => {
  await desk.close();
  await rm(elsewhere, { recursive: true });
});

/** Without NIGHTFEED_HOME, from a folder; what it remembers lies apart. */
async function from(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const database = { NIGHTFEED_DATABASE_URL: desk.url };
  const ended = await nightfeed(
    [...args, '--json'],
    { XDG_STATE_HOME: join(elsewhere, 'state'), ...database, ...env },
    cwd,
  );
  return { code: ended.code, answer: answerOf(ended), stderr: ended.stderr };
}

const night = (date: string) => ['run', desk.feed, '--date', date];
const homeOf = async (feed: string) => join(await realpath(join(feed, '..')), '.nightfeed');

test('a feed has one home beside its file, from wherever it is run', async () => {
  expect((await from('/', night('2026-11-20'))).answer).toMatchObject({ tables: { items: { inserted: 10 } } });
  expect((await from(elsewhere, night('2026-11-21'))).answer).toMatchObject({
    state: 'published',
    tables: { items: { updated: 2, unchanged: 8, engine: 'lockstep' } },
  });
  expect(existsSync(join(await homeOf(desk.feed), 'lake'))).toBe(true);
  expect(existsSync('/.nightfeed')).toBe(false);
  expect(existsSync(join(elsewhere, '.nightfeed'))).toBe(false);
});

test('commands without a feed file look upwards, else where commands from this folder worked', async () => {
  const runs = { runs: [{ run: 'shop/2026-11-20' }] };
  await from(elsewhere, night('2026-11-20'));
  expect((await from(join(desk.folder, 'inbox'), ['status'])).stderr).toBe('');
  const there = await from(elsewhere, ['status']);
  expect(there.answer).toMatchObject(runs);
  expect(there.stderr).toContain(`looking in ${await homeOf(desk.feed)}`);
});

test('several homes are a choice that nobody but a person makes; a run names its feed', async () => {
  const other = await Desk.open();
  await other.deliver('2026-11-20', itemsCsv(3));
  await other.rename('bakery', 'cakes');
  await from(elsewhere, night('2026-11-20'));
  await from(elsewhere, ['run', other.feed, '--date', '2026-11-20']);
  const { code, answer } = await from(elsewhere, ['status']);
  expect(code).toBe(2);
  expect(answer.error.message).toContain((await homeOf(desk.feed)).split('/').at(-2));
  expect(answer.error.message).toContain((await homeOf(other.feed)).split('/').at(-2));
  const { stderr } = await from(elsewhere, ['status', 'bakery/2026-11-20']);
  expect(stderr).toContain(`looking in ${await homeOf(other.feed)}`);
  await other.close();
});

test('a home that lies where commands were once started from is used on, with the command that moves it', async () => {
  const old = join(elsewhere, '.nightfeed');
  await from('/', night('2026-11-20'), { NIGHTFEED_HOME: old });
  const { answer, stderr } = await from(elsewhere, night('2026-11-21'));
  expect(answer).toMatchObject({ state: 'published', tables: { items: { updated: 2 } } });
  const beside = await homeOf(desk.feed);
  expect(stderr).toContain(`going on with ${old}, which holds shop`);
  expect(stderr).toContain(`mv ${old} ${beside}`);
  expect(existsSync(beside)).toBe(false);
  await rename(old, beside);
  expect((await from(elsewhere, night('2026-11-21'))).answer).toMatchObject({ state: 'unchanged' });
});

test('without a home there is nothing to look at, and nothing is made', async () => {
  const empty = join(elsewhere, 'empty');
  await mkdir(empty);
  const { code, answer } = await from(empty, ['status'], { NIGHTFEED_DATABASE_URL: '' });
  expect(code).toBe(2);
  expect(answer.error).toMatchObject({ name: 'USAGE', message: expect.stringContaining('no .nightfeed in') });
  expect((await from(empty, ['status'])).answer).toEqual({ runs: [] });
  expect(existsSync(join(empty, '.nightfeed'))).toBe(false);
});

test('another lake is refused by name, in run, plan and release; migrate --new-lake goes on with it', async () => {
  const other = { NIGHTFEED_HOME: join(elsewhere, 'other') };
  await from('/', night('2026-11-20'));
  for (const args of [night('2026-11-21'), ['plan', ...night('2026-11-21').slice(1)]]) {
    const { code, answer } = await from('/', args, other);
    expect([code, answer.error.name]).toEqual([2, 'LAKE_OTHER']);
    expect(answer.error.message).toContain(
      `the lake of shop is ${hostname()}:${join(await homeOf(desk.feed), 'lake')};`,
    );
    expect(answer.error.message).toContain(`works in ${hostname()}:${join(elsewhere, 'other/lake')}`);
  }
  const release = ['quarantine', 'release', 'shop/2026-11-20', desk.feed];
  expect((await from('/', release, other)).answer.error.name).toBe('LAKE_OTHER');

  await from('/', ['migrate', desk.feed, '--new-lake'], other);
  expect((await from('/', night('2026-11-21'), other)).answer).toMatchObject({
    state: 'published',
    tables: { items: { updated: 2, unchanged: 8 } },
  });
  expect((await from('/', night('2026-11-21'))).answer.error.name).toBe('LAKE_OTHER');
});

test('a lake that was moved is the same one; one made anew in its place takes the base from production', async () => {
  await from('/', night('2026-11-20'));
  const moved = join(elsewhere, 'moved');
  await rename(await homeOf(desk.feed), moved);
  const again = await from('/', night('2026-11-21'), { NIGHTFEED_HOME: moved });
  expect(again.answer).toMatchObject({ state: 'published', tables: { items: { updated: 2, engine: 'lockstep' } } });

  await rm(join(moved, 'lake'), { recursive: true });
  await desk.deliver('2026-11-22', itemsCsv(10, 3));
  const { answer, stderr } = await from('/', ['run', desk.feed, '--date', '2026-11-22'], { NIGHTFEED_HOME: moved });
  expect(answer).toMatchObject({ state: 'published', tables: { items: { updated: 1, unchanged: 9 } } });
  expect(stderr).toContain('was made anew since the last run of shop');
});
