import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TableSummary } from '../../../lib/core/run/night-result.ts';
import type { RunState } from '../../../lib/core/run/state.ts';

/** What `--json` answers, as far as the tests look at it. */
interface Answer {
  readonly run: string | null;
  readonly state: RunState | null;
  readonly tables: Readonly<Record<string, TableSummary>>;
  readonly holds: readonly { readonly guard: string; readonly table: string | null }[];
  readonly warnings: readonly { readonly guard: string; readonly table: string | null }[];
  readonly error: { readonly name: string; readonly message: string } | null;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** null when it ended without an answer. */
  readonly json: Answer | null;
  readonly stderr: string;
}

export interface Command {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Until it stands still at its fail point. */
  frozen(): Promise<void>;
  /** Wakes it up; how it ended. */
  thaw(): Promise<Ended>;
}

const cli = fileURLToPath(new URL('../../../bin/nightfeed.ts', import.meta.url));

/** The command line as a process of its own, with `--json`. It inherits nothing but the path. */
export function start(args: readonly string[], env: Record<string, string>): Command {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args, '--json'], {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const answer = stdout.join('').trim();
      resolve({ code, signal, json: answer === '' ? null : (JSON.parse(answer) as Answer), stderr: stderr.join('') });
    });
  });
  return {
    process: child,
    ended,
    frozen: () => frozen(child, stderr),
    thaw: () => {
      child.kill('SIGCONT');
      return ended;
    },
  };
}

function collect(stream: NodeJS.ReadableStream): string[] {
  const chunks: string[] = [];
  stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  return chunks;
}

async function frozen(child: ChildProcess, stderr: readonly string[]): Promise<void> {
  while (stateOf(child.pid!) !== 'T') {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it ended instead of freezing:\n${stderr.join('')}`);
    await sleep(5);
  }
}

function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2];
}
