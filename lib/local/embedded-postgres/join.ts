import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NightfeedError } from '../../core/errors.ts';
import { FileLock, withLock } from '../file-lock.ts';
import { embeddedBinaries } from './binaries.ts';
import { DATABASE, initialise } from './initialise.ts';
import { keepFromCleaners, location } from './location.ts';
import { findReady, type Server, start, stop } from './server.ts';
import { serverUser } from './server-user.ts';
import { unavailable } from './unavailable.ts';

export interface EmbeddedPostgres {
  /** The URL with the password. It stays the same while anybody uses the server. */
  readonly url: string;
  /** Stops the server when nobody else uses it; may be called again, and from a signal handler. */
  leave(): Promise<void>;
}

/**
 * A PostgreSQL of our own in `<home>/postgres`. The first process starts it, others join it, and the last that leaves stops it. Nothing has
 * to be cleaned up after killed processes and servers: a process holds `users.lock` only while it lives, and the next process starts a
 * dead server again. Every failure is DATABASE_UNAVAILABLE.
 */
export async function joinEmbeddedPostgres(options: {
  home: string;
  say?: (text: string) => void;
}): Promise<EmbeddedPostgres> {
  const { home, say = () => {} } = options;
  return await locked(home, async (state) => {
    const users = join(state, 'users.lock');
    const me = new FileLock(users);
    me.share();
    try {
      const server = await serverOf(state, say);
      const password = await passwordOf(state);
      const { port } = (await findReady(server)) ?? (await startFirst(server, state, password));
      let left: Promise<void> | undefined;
      const leave = () =>
        locked(home, async () => {
          me.free();
          await stopUnlessUsed(server, users);
        });
      return {
        url: `postgres://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`,
        leave: () => {
          left ??= leave();
          return left;
        },
      };
    } catch (error) {
      me.free();
      throw error;
    }
  });
}

async function stopUnlessUsed(server: Server, users: string): Promise<void> {
  const all = new FileLock(users);
  try {
    if (all.takeAlone()) await stop(server);
  } finally {
    all.free();
  }
}

async function serverOf(state: string, say: (text: string) => void): Promise<Server> {
  const user = await serverUser();
  return { data: join(await location(state, user, say), 'data'), log: join(state, 'server.log'), user, say };
}

async function startFirst(server: Server, state: string, password: string) {
  const { data, user, say } = server;
  const folder = dirname(data);
  const { bin, major } = await embeddedBinaries(user, folder);
  const version = await readText(join(data, 'PG_VERSION'));
  if (version === undefined) {
    say(`Creating a PostgreSQL ${major} in ${folder}.`);
    await initialise(bin, data, user, password);
  } else if (version.trim() !== major) {
    throw unavailable(`the data in ${data} are of PostgreSQL ${version.trim()}, the server is ${major}`);
  }
  if (folder !== state) await keepFromCleaners(folder);

  const remembered = Number((await readText(join(state, 'port'))) ?? 0);
  const started = await start(server, bin, remembered);
  if (started.port !== remembered) await writeFile(join(state, 'port'), String(started.port));
  return started;
}

async function passwordOf(state: string): Promise<string> {
  const path = join(state, 'password');
  const known = await readText(path);
  if (known !== undefined) return known;
  const password = randomBytes(24).toString('hex');
  await writeFile(`${path}.new`, password, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return password;
}

async function locked<T>(home: string, work: (state: string) => Promise<T>): Promise<T> {
  try {
    await mkdir(home, { recursive: true });
    // The real path, because the server is identified by the path of its data.
    const state = join(await realpath(home), 'postgres');
    await mkdir(state, { recursive: true, mode: 0o700 });
    // Whatever the umask is, the user that root runs the server as has to reach its data.
    if (process.getuid?.() === 0) await chmod(state, 0o711);
    return await withLock(state, () => work(state));
  } catch (error) {
    if (error instanceof NightfeedError) throw error;
    throw unavailable(error instanceof Error ? error.message : String(error), error);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
