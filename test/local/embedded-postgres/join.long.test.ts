import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinEmbeddedPostgres } from '../../../lib/local/embedded-postgres/join.ts';
import { findPostmaster } from '../../../lib/local/embedded-postgres/postmaster.ts';
import { serverUser } from '../../../lib/local/embedded-postgres/server-user.ts';
import { ask, command, isRunning, launch } from './commands.ts';

// One home for all tests: each leaves the server stopped, as every command does.
let home: string;
let data: string;

beforeAll(async () => {
  home = await publicFolder();
  data = join(home, 'postgres', 'data');
});

afterAll(async () => {
  await rm(home, { recursive: true });
});

describe('the embedded server', () => {
  test('is created once when several commands start at once, and stopped by the last', async () => {
    const commands = await Promise.all([command(home), command(home), command(home)]);
    const [first, second, third] = commands;

    expect(new Set(commands.map(({ url }) => url)).size).toBe(1);
    expect(commands.flatMap(({ said }) => said)).toEqual([expect.stringMatching(/^Creating a PostgreSQL 17 in /)]);
    await first!.leave();
    await third!.leave();
    expect(await isRunning(second!.url)).toBe(true);
    await second!.leave();
    expect(await isRunning(second!.url)).toBe(false);
    expect(await findPostmaster(data)).toBeUndefined();
  });

  test('keeps data, port and password from one start to the next', async () => {
    const first = await joinEmbeddedPostgres({ home });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.leave();
    const second = await joinEmbeddedPostgres({ home });

    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'TABLE kept')).toEqual([{ answer: 42 }]);
    await ask(second.url, 'DROP TABLE kept');
    await second.leave();
  });

  test('is left alone by those who join it while it runs', async () => {
    const first = await joinEmbeddedPostgres({ home });
    const pid = (await findPostmaster(data))!.pid;
    const log = await readFile(join(home, 'postgres', 'server.log'), 'utf8');
    const second = await joinEmbeddedPostgres({ home });

    expect((await findPostmaster(data))!.pid).toBe(pid);
    expect(await readFile(join(home, 'postgres', 'server.log'), 'utf8')).toBe(log);
    await first.leave();
    await second.leave();
  });

  test('may be joined twice by one process, and left twice by each', async () => {
    const [first, second] = await Promise.all([joinEmbeddedPostgres({ home }), joinEmbeddedPostgres({ home })]);
    await Promise.all([first.leave(), first.leave()]);
    expect(await isRunning(second.url)).toBe(true);
    await second.leave();
    expect(await isRunning(second.url)).toBe(false);
  });

  test('is durable, asks for the password, and listens on loopback only', async () => {
    const { url, leave } = await joinEmbeddedPostgres({ home });
    const settings = `SELECT name, setting FROM pg_settings WHERE name IN
      ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories') ORDER BY name`;

    expect((await ask(url, settings)).map(({ name, setting }) => `${name}=${setting}`)).toEqual([
      'fsync=on',
      'full_page_writes=on',
      'listen_addresses=127.0.0.1',
      'synchronous_commit=on',
      'unix_socket_directories=',
    ]);
    await expect(ask(url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(home, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    await leave();
  });

  test('outlives a killed user, and the next one that leaves stops it', async () => {
    const killed = await command(home);
    await killed.kill();
    expect(await isRunning(killed.url)).toBe(true);

    const next = await joinEmbeddedPostgres({ home });
    expect(next.url).toBe(killed.url);
    await next.leave();
    expect(await isRunning(killed.url)).toBe(false);
  });

  test('recovers after a kill -9 of the server, for those who had joined before too', async () => {
    const first = await joinEmbeddedPostgres({ home });
    await ask(first.url, 'CREATE TABLE committed AS SELECT 42 AS answer');
    await killServer();
    const second = await joinEmbeddedPostgres({ home });

    expect(second.url).toBe(first.url);
    expect(await ask(first.url, 'TABLE committed')).toEqual([{ answer: 42 }]);
    await ask(first.url, 'DROP TABLE committed');
    await second.leave();
    expect(await isRunning(first.url)).toBe(true);
    await first.leave();
  });

  test('starts as soon as the last process of a killed server is gone', async () => {
    const user = await joinEmbeddedPostgres({ home });
    const rows = await ask(user.url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    const orphan = Number(rows[0]!.pid);
    process.kill(orphan, 'SIGSTOP');
    await killServer();
    const thawed = sleep(500).then(() => process.kill(orphan, 'SIGCONT'));
    const again = await joinEmbeddedPostgres({ home });
    await thawed;

    expect(await isRunning(again.url)).toBe(true);
    await Promise.all([user.leave(), again.leave()]);
  });

  test('is left without an error when it was killed', async () => {
    const only = await joinEmbeddedPostgres({ home });
    await killServer();
    await only.leave();
  });

  test('survives Ctrl-C in the terminal of the command that started it', async () => {
    const starter = await command(home);
    const other = await joinEmbeddedPostgres({ home });
    const backend = ask(other.url, "SELECT pg_sleep(0.5), 'done' AS state");
    process.kill(-starter.process.pid!, 'SIGINT');
    await once(starter.process, 'exit');

    expect(starter.process.exitCode).toBe(0);
    expect(await backend).toMatchObject([{ state: 'done' }]);
    await other.leave();
    expect(await isRunning(other.url)).toBe(false);
  });

  test('starts although its old process id belongs to a stranger now', async () => {
    const stranger = spawn('sleep', ['60'], { ...(await serverUser()) });
    await writeFile(join(data, 'postmaster.pid'), `${stranger.pid}\n${data}\n1\n5432\n\n127.0.0.1\n\nready\n`);
    const joined = await joinEmbeddedPostgres({ home });

    expect(await isRunning(joined.url)).toBe(true);
    await joined.leave();
    stranger.kill();
  });

  test('takes another port when somebody sits on its own', async () => {
    const before = Number(await readFile(join(home, 'postgres', 'port'), 'utf8'));
    const squatter = createServer().listen(before, '127.0.0.1');
    await once(squatter, 'listening');
    const joined = await joinEmbeddedPostgres({ home });

    expect(new URL(joined.url).port).not.toBe(String(before));
    expect(await isRunning(joined.url)).toBe(true);
    await joined.leave();
    squatter.close();
  });

  test('is not stopped by a command that joins while another leaves', async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = await joinEmbeddedPostgres({ home });
      const [joined] = await Promise.all([joinEmbeddedPostgres({ home }), leaving.leave()]);
      expect(await isRunning(joined.url)).toBe(true);
      await joined.leave();
    }
  });

  test('says so when the data are of another major version', async () => {
    const version = join(data, 'PG_VERSION');
    await writeFile(version, '16\n');
    await expect(joinEmbeddedPostgres({ home })).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('are of PostgreSQL 16, the server is 17'),
      hint: expect.stringContaining('NIGHTFEED_DATABASE_URL'),
    });
    await writeFile(version, '17\n');
  });

  test('gives the end of the log when it does not start', async () => {
    const configuration = join(data, 'postgresql.conf');
    const good = await readFile(configuration, 'utf8');
    await writeFile(configuration, `${good}\nwork_mem = nonsense\n`);
    await expect(joinEmbeddedPostgres({ home })).rejects.toMatchObject({
      name: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('work_mem'),
    });
    await writeFile(configuration, good);
  });
});

test('a command killed while it creates the server leaves nothing in the way', async () => {
  const fresh = await publicFolder();
  const creating = launch(fresh);
  while (!(await readdir(join(fresh, 'postgres')).catch(() => [])).some((name) => name.startsWith('initdb-'))) {
    await sleep(5);
  }
  creating.kill('SIGKILL');
  await once(creating, 'exit');

  const joined = await joinEmbeddedPostgres({ home: fresh });
  expect(await isRunning(joined.url)).toBe(true);
  await joined.leave();
  expect(await readdir(join(fresh, 'postgres'))).not.toContainEqual(expect.stringMatching(/^initdb-/));
  await rm(fresh, { recursive: true });
});

test('a home that cannot be made is DATABASE_UNAVAILABLE', async () => {
  await expect(joinEmbeddedPostgres({ home: '/dev/null/home' })).rejects.toMatchObject({
    name: 'DATABASE_UNAVAILABLE',
    message: expect.stringContaining('/dev/null/home'),
  });
});

/** On a busy machine a killed process is there for a moment more, and would be taken for the running server. */
async function killServer(): Promise<void> {
  process.kill((await findPostmaster(data))!.pid, 'SIGKILL');
  while (await findPostmaster(data)) await sleep(5);
}

/** Below a folder that every user may enter, as most homes of projects are for the user who works there. */
async function publicFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-home-'));
  await chmod(folder, 0o755);
  return folder;
}
