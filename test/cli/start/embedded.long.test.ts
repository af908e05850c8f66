import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answerOf, nightfeed } from '../../support/nights/command-line.ts';
import { copyOwnFiles } from '../../support/nights/own-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-embedded-'));
  // Open to the user that PostgreSQL runs as, so that all it has lies in here.
  await chmod(folder, 0o755);
  await copyOwnFiles(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('without a database URL: the five minutes of the README, and nothing is left running', async () => {
  const ask = async (...args: string[]) =>
    answerOf(await nightfeed([...args, '--json'], { NIGHTFEED_HOME: join(folder, 'home') }, folder));
  expect(await ask('doctor', 'feed.yaml', '--date', '2026-11-19')).toMatchObject({ healthy: true });
  expect(await leftRunning()).toEqual([]);
  expect(await ask('plan', 'feed.yaml', '--date', '2026-11-19')).toMatchObject({ state: 'published' });
  expect(await ask('run', 'feed.yaml', '--date', '2026-11-19')).toMatchObject({
    state: 'published',
    tables: { products: { inserted: 5 } },
  });
  expect(await ask('run', 'feed.yaml', '--date', '2026-11-20')).toMatchObject({
    state: 'published',
    tables: { products: { rows: 5, inserted: 1, updated: 1, gone: 1, unchanged: 3 } },
  });
  expect(await ask('status')).toMatchObject({ runs: [{ run: 'shop/2026-11-20', state: 'published' }] });
  expect(await leftRunning()).toEqual([]);
  // Root's PostgreSQL is another user, who has to get through to its data, and sees nothing else.
  const passage = process.getuid?.() === 0 ? 0o711 : 0o700;
  const modes = ['', 'postgres', 'postgres/data', 'lake'].map(async (name) => stat(join(folder, 'home', name)));
  expect((await Promise.all(modes)).map(({ mode }) => mode & 0o777)).toEqual([passage, passage, 0o700, 0o700]);
});

/** Commands of processes that work in the folder or name it. */
async function leftRunning(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return command.includes(folder) || place.startsWith(folder) ? command : '';
    }),
  );
  return commands.filter((command) => command !== '');
}
