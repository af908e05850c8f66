import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../core/errors.ts';
import { LineProcess } from '../common/line-process.ts';

export interface SessionSettings {
  /** DuckDB's memory limit, such as `2GB`; beyond it, it spills below `scratch`. */
  readonly memory: string;
  readonly threads: number;
  readonly folders: readonly string[];
  readonly scratch: string;
}

type Row = Record<string, unknown>;

/** A DuckDB child process. Statements run one after the other; a dead child fails all that wait. */
export class DuckDbSession {
  readonly #process: LineProcess;

  constructor(settings: SessionSettings) {
    const program = fileURLToPath(
      new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    );
    this.#process = new LineProcess(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      // An empty environment: the child needs no secret that the parent may hold.
      options: { env: {} },
      patienceMs: 2000,
      keptErrors: 2000,
    });
    this.#process.tell(JSON.stringify(settings));
  }

  async run(sql: string): Promise<Row[]> {
    return (await this.runAll([sql]))[0]!;
  }

  /** One after the other until one fails. While this process is busy, each answer that is waited for takes longer than many a statement. */
  async runAll(statements: readonly string[]): Promise<Row[][]> {
    const { answers, error = 'no answer', at = 0 } = await this.#ask(statements);
    if (answers) return answers;
    throw engineFailed(error, statements[at] ?? '');
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #ask(statements: readonly string[]): Promise<{ answers?: Row[][]; error?: string; at?: number }> {
    try {
      return JSON.parse(await this.#process.ask(JSON.stringify({ statements })));
    } catch (error) {
      throw engineFailed(`${(error as Error).message}. ${this.#process.stderr}`, statements.join(';\n'));
    }
  }
}

/** The statement is a detail: it may name columns, never values, but it is long. */
function engineFailed(reason: string, sql: string): NightfeedError {
  const first = reason.split('\n')[0]!.slice(0, 300);
  const isExhausted = /Out of Memory|failed to offload|No space left/i.test(reason);
  return new NightfeedError(isExhausted ? 'ENGINE_EXHAUSTED' : 'ENGINE_FAILED', `DuckDB: ${first}`, {
    details: { reason, sql },
  });
}
