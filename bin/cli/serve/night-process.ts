import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { UNDER_SERVE } from './turn.ts';

/** What a command answered with `--json`, as a process of its own. */
export interface Answered {
  /** null when it was killed. */
  readonly exit: number | null;
  /** The signal that ended it. */
  readonly signal: NodeJS.Signals | null;
  /** null when it did not come to an answer. */
  readonly answer: Readonly<Record<string, unknown>> | null;
  /** What it said last. */
  readonly said: string;
}

/** A night of 500 tables answers with less than a megabyte. */
const MOST_ANSWER_BYTES = 16_000_000;
const SAID_CHARACTERS = 2_000;

/** Commands of nightfeed as processes of their own, all of which can be ended. */
export class NightProcesses {
  readonly #alive = new Set<ChildProcess>();
  #isEnding = false;

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get atWork(): number {
    return this.#alive.size;
  }

  /** Runs a command with `--json`. `turn` is called when its delivery is there, and the night waits until it resolves. */
  run(args: readonly string[], turn: () => Promise<void> = async () => {}): Promise<Answered> {
    if (this.#isEnding) return Promise.resolve({ exit: null, signal: 'SIGTERM', answer: null, said: '' });
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, [UNDER_SERVE]: '1' },
    });
    this.#alive.add(child);
    child.on('message', () => void turn().then(() => child.connected && child.send('go', () => {})));
    return this.#ended(child).finally(() => this.#alive.delete(child));
  }

  /** Asks all of them to end: they close what they hold, and the next process goes on with the run. */
  end(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#isEnding = true;
    for (const child of this.#alive) child.kill(signal);
  }

  async #ended(child: ChildProcess): Promise<Answered> {
    const closed = new Promise<Pick<Answered, 'exit' | 'signal'>>((resolve) => {
      child.once('close', (exit, signal) => resolve({ exit, signal }));
      child.once('error', () => resolve({ exit: null, signal: null }));
    });
    const [stdout, said] = [beginningOf(child.stdout), endOf(child.stderr)];
    return { ...(await closed), answer: parsed(stdout.text()), said: said.text().trim() };
  }
}

function beginningOf(stream: Readable | null) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_ANSWER_BYTES) chunks.push(chunk);
  });
  return { text: () => Buffer.concat(chunks).toString('utf8') };
}

function endOf(stream: Readable | null) {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-SAID_CHARACTERS);
  });
  return { text: () => text };
}

function parsed(text: string): Answered['answer'] {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
