import { once } from 'node:events';
import { open, readFile, rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostmaster, type Postmaster, removeForeignPidFile } from './postmaster.ts';
import { spawnBinary } from './run-binary.ts';
import type { ServerUser } from './server-user.ts';
import { unavailable } from './unavailable.ts';

const POLL_MS = 5;
/** A start that takes longer hangs: recovery of `max_wal_size` of log takes a minute or two on a slow disk. */
const START_LIMIT_MS = 600_000;
const STOP_LIMIT_MS = 120_000;
/** A start that takes longer is reported to the user. Without recovery it is faster. */
const SLOW_START_MS = 3000;
/** How long to wait for the server processes of a killed postmaster, which end by themselves, but not at once. */
export const ORPHANS_LIMIT_MS = 30_000;

/** Settings for a laptop. Durability stays on, because a night has to survive a power cut. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  synchronous_commit: 'on',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface Server {
  /** The data directory. */
  readonly data: string;
  /** The file of the server's log. The log of the previous start is kept as `<log>.1`. */
  readonly log: string;
  readonly user: ServerUser | undefined;
  readonly say: (text: string) => void;
}

/** The running server when it accepts connections; waits for one that is starting or stopping. */
export async function findReady(server: Server): Promise<Postmaster | undefined> {
  return await untilReady(server, (found) => !found);
}

/** Starts the server on `remembered`, the port of before, if there is one and it is free. After a kill the server recovers. */
export async function start(server: Server, bin: string, remembered: number): Promise<Postmaster> {
  const orphansUntil = Date.now() + ORPHANS_LIMIT_MS;
  for (let port = remembered || (await freePort()); ; await sleep(100)) {
    await removeForeignPidFile(server.data);
    const launched = await launch(server, bin, port);
    if (launched.kind === 'ready') return launched.postmaster;
    const { why, log } = launched;
    if (why === 'port taken') port = await freePort();
    else if (why !== 'orphans live' || Date.now() > orphansUntil)
      throw unavailable(`the server in ${server.data} does not start: ${log}`);
  }
}

/** Fast shutdown: open transactions are rolled back, then a checkpoint. */
export async function stop(server: Server): Promise<void> {
  const running = await findPostmaster(server.data);
  if (!running) return;
  process.kill(running.pid, 'SIGINT');
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (await findPostmaster(server.data)) {
    if (Date.now() > deadline) throw unavailable(`the server with process id ${running.pid} does not stop`);
    await sleep(POLL_MS);
  }
}

/** A port of the loopback interface on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Why a server ended while it started, of which PostgreSQL has only words. `orphans live`: processes of its killed predecessor still use the shared memory. */
export function whyEnded(log: string): 'orphans live' | 'port taken' | 'other' {
  if (/shared memory block .* still in use/s.test(lastLines(log))) return 'orphans live';
  return /Address already in use/i.test(lastLines(log)) ? 'port taken' : 'other';
}

type Launched =
  | { readonly kind: 'ready'; readonly postmaster: Postmaster }
  /** `log` has its last lines. */
  | { readonly kind: 'ended'; readonly why: ReturnType<typeof whyEnded>; readonly log: string };

async function launch(server: Server, bin: string, port: number): Promise<Launched> {
  const { data, log, user } = server;
  await rename(log, `${log}.1`).catch(() => {});
  const output = await open(log, 'a', 0o600);
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnBinary(join(bin, 'postgres'), ['-D', data, ...settings], {
    folder: dirname(data),
    user,
    stdio: ['ignore', output.fd, output.fd],
  });
  let failure = '';
  child.once('error', ({ message }) => {
    failure = message;
  });
  child.unref();
  await output.close();
  const isOver = () => failure !== '' || child.exitCode !== null || child.signalCode !== null;
  const postmaster = await untilReady(server, isOver);
  if (postmaster) return { kind: 'ready', postmaster };
  const said = failure || lastLines(await readFile(log, 'utf8'));
  return { kind: 'ended', why: whyEnded(said), log: said };
}

async function untilReady(server: Server, isOver: (found: Postmaster | undefined) => boolean) {
  const begun = Date.now();
  for (let said = false; ; await sleep(POLL_MS)) {
    const found = await findPostmaster(server.data);
    if (found?.status === 'ready') return found;
    if (isOver(found)) return undefined;
    const waited = Date.now() - begun;
    if (waited > START_LIMIT_MS) throw unavailable(`the server in ${server.data} is not ready; see ${server.log}`);
    if (waited > SLOW_START_MS && !said) {
      said = true;
      server.say('PostgreSQL takes its time: it recovers after a hard stop, or still ends.');
    }
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
