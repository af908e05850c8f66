import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ServerUser } from './server-user.ts';
import { unavailable } from './unavailable.ts';

/** The whole environment. Nothing is inherited, because PGPORT, PGDATA and others would change what the binaries do. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

/** Starts a binary in a session of its own, so that Ctrl-C in the terminal does not reach it. */
export function spawnBinary(
  path: string,
  args: readonly string[],
  options: { folder: string; user: ServerUser | undefined; stdio: StdioOptions },
): ChildProcess {
  const { folder, user, stdio } = options;
  return spawn(path, args, { cwd: folder, env: ENVIRONMENT, detached: true, stdio, ...user });
}

/** Runs a binary to its end. `input` may have secrets and is in no message. */
export async function runBinary(
  path: string,
  args: readonly string[],
  options: { folder: string; user: ServerUser | undefined; input?: string },
): Promise<void> {
  const child = spawnBinary(path, args, { ...options, stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  // A child that cannot start, or ends early, closes its input. This error is ignored, because the way it ended says more.
  child.stdin!.on('error', () => {}).end(options.input ?? '');
  const [stderr, [code, signal]] = await Promise.all([text(child.stderr!), ended]);
  if (code !== 0) throw unavailable(`${basename(path)} ended with ${signal ?? `code ${code}`}: ${stderr.trim()}`);
}
