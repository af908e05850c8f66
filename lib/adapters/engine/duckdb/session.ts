import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../../core/errors.ts';
import { linesOf } from './lines.ts';

export interface SessionSettings {
  /** DuckDB's memory limit, such as `2GB`; beyond it, it spills below `scratch`. */
  readonly memory: string;
  readonly threads: number;
  readonly folders: readonly string[];
  readonly scratch: string;
}

type Row = Record<string, unknown>;
interface Waiting {
  readonly sql: string;
  resolve(rows: Row[]): void;
  reject(error: Error): void;
}

/** A DuckDB child process. Statements run one after the other; a dead child fails all that wait. */
export class DuckDbSession {
  readonly #child: ChildProcess;
  readonly #waiting: Waiting[] = [];
  #stderr = '';
  #ended: string | undefined;

  constructor(settings: SessionSettings) {
    const program = fileURLToPath(
      new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    );
    // An empty environment: the child needs no secret that the parent may hold.
    this.#child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      env: {},
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-2000);
    });
    this.#listen().catch((error: Error) => this.#fail(error.message));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', (code, signal) =>
      this.#fail(`it ended with ${signal ?? `exit code ${code}`}. ${this.#stderr}`),
    );
    this.#child.stdin!.on('error', () => {});
    this.#child.stdin!.write(`${JSON.stringify(settings)}\n`);
  }

  run(sql: string): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(engineFailed(this.#ended, sql));
      this.#waiting.push({ sql, resolve, reject });
      this.#child.stdin!.write(`${JSON.stringify({ sql })}\n`);
    });
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin!.end();
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await closed;
    clearTimeout(impatience);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #listen(): Promise<void> {
    for await (const line of linesOf(this.#child.stdout!)) this.#answer(line);
  }

  #answer(line: string): void {
    const { rows, error } = JSON.parse(line) as { rows?: Row[]; error?: string };
    const waiting = this.#waiting.shift();
    if (rows) waiting?.resolve(rows);
    else waiting?.reject(engineFailed(error ?? 'no answer', waiting.sql));
  }

  #fail(reason: string): void {
    this.#ended ??= reason;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(engineFailed(reason, waiting.sql));
  }
}

/** The statement is a detail: it may name columns, never values, but it is long. */
function engineFailed(reason: string, sql: string): NightfeedError {
  const first = reason.split('\n')[0]!.slice(0, 300);
  const hint = /Out of Memory|failed to offload|No space left/i.test(reason)
    ? 'Production is untouched. Give the engine more memory or scratch space, then run the same command again.'
    : undefined;
  return new NightfeedError('ENGINE_FAILED', `DuckDB: ${first}`, {
    details: { reason, sql },
    ...(hint ? { hint } : {}),
  });
}
