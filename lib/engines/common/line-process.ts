import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { linesOf } from './lines.ts';

interface Waiting {
  resolve(answer: string): void;
  reject(error: Error): void;
}

interface LineProcessOptions {
  readonly options: Omit<SpawnOptions, 'stdio'>;
  /** How long the process may take to end by itself after its input has ended. */
  readonly patienceMs: number;
  /** Characters of its standard error that are kept for a report. */
  readonly keptErrors: number;
}

/** A child process that answers each line of its input with a line, in order. When it dies, all open questions fail. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #options: LineProcessOptions;
  readonly #waiting: Waiting[] = [];
  #ended: string | undefined;
  stderr = '';

  constructor(program: string, args: readonly string[], options: LineProcessOptions) {
    this.#options = options;
    this.#child = spawn(program, args, { ...options.options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-options.keptErrors);
    });
    this.#listen().catch((error: Error) => {
      this.#fail(error.message);
      this.kill();
    });
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', (code, signal) => this.#fail(`it ended with ${signal ?? `exit code ${code}`}`));
    // These errors are ignored: the end of the process is reported with its reason.
    for (const stream of [this.#child.stdin!, this.#child.stderr!]) stream.on('error', () => {});
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** Sends a line that the process does not answer. */
  tell(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Rejects with a plain error that says how the process ended. */
  ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(new Error(this.#ended));
      this.#waiting.push({ resolve, reject });
      this.tell(line);
    });
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin!.end();
    const impatience = setTimeout(() => this.kill(), this.#options.patienceMs);
    await closed;
    clearTimeout(impatience);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #listen(): Promise<void> {
    for await (const line of linesOf(this.#child.stdout!)) this.#waiting.shift()?.resolve(line);
  }

  #fail(reason: string): void {
    this.#ended ??= reason;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error(reason));
  }
}
