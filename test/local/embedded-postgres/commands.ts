import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

export interface Command {
  readonly process: ChildProcess;
  readonly url: string;
  readonly said: string[];
  leave(): Promise<void>;
  kill(): Promise<void>;
}

interface Whereabouts {
  uid?: number;
  library?: string;
}

/** Starts a command in a process group of its own that joins the server below `home`. */
export function launch(home: string, { uid, library }: Whereabouts = {}): ChildProcess {
  const args = [fileURLToPath(new URL('user.ts', import.meta.url)), home, ...(library ? [library] : [])];
  return spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
}

export async function command(home: string, whereabouts?: Whereabouts): Promise<Command> {
  const child = launch(home, whereabouts);
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url, said } = JSON.parse(line) as { url: string; said: string[] };
    const ended = once(child, 'exit');
    return {
      process: child,
      url,
      said,
      async leave() {
        child.stdin!.end();
        await ended;
      },
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error('the command ended before it joined');
}

/** The answer to one query over a connection of its own. */
export async function ask(url: string, query: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
  try {
    return await sql.unsafe(query);
  } finally {
    await sql.end();
  }
}

export async function isRunning(url: string): Promise<boolean> {
  return ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}
