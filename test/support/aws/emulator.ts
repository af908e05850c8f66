import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../lib/local/embedded-postgres/server.ts';

const KEEPER = fileURLToPath(new URL('./emulator.py', import.meta.url));
/** Of the test run's environment, what a program needs to be found and to write. No secret of the developer's gets further. */
const INHERITED = ['PATH', 'HOME', 'LANG'];
const START_MS = 150_000;
const POLL_MS = 100;

export interface Emulator {
  readonly endpoint: string;
  /** Its own, removed at the end. */
  readonly folder: string;
  /** What it and all that it started wrote. */
  log(): Promise<string>;
  /** Ends it and all that it started; the port is free then. */
  stop(): Promise<void>;
}

interface Program {
  readonly name: string;
  readonly python: string;
  readonly args: readonly string[];
  environment(where: { port: number; folder: string }): Readonly<Record<string, string>>;
  /** Answers 200 as soon as the emulator works. */
  readonly health: string;
}

/** Starts an emulator of AWS on a free port of the loopback interface. It ends with this process at the latest. */
export async function startEmulator(program: Program): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), `nightfeed-test-${program.name}-`));
  const port = await freePort();
  const logFile = join(folder, 'log');
  const output = await open(logFile, 'a');
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name] ?? '']));
  const keeper = spawn(program.python, [KEEPER, folder, program.python, ...program.args], {
    env: { ...inherited, TMPDIR: folder, ...program.environment({ port, folder }) },
    stdio: ['pipe', output.fd, output.fd],
  });
  await output.close();
  const log = () => readFile(logFile, 'utf8');
  const stop = async () => {
    const ended = keeper.exitCode === null ? once(keeper, 'exit') : undefined;
    keeper.stdin!.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await healthy(`${endpoint}${program.health}`, keeper);
  } catch (error) {
    const said = await log();
    await stop();
    throw new Error(`${program.name} does not start: ${said}`, { cause: error });
  }
  return { endpoint, folder, log, stop };
}

async function healthy(url: string, keeper: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (keeper.exitCode !== null) throw new Error('it ended');
    if (
      await fetch(url)
        .then((answer) => answer.ok)
        .catch(() => false)
    )
      return;
  }
  throw new Error(`no answer from ${url} in ${START_MS} ms`);
}
