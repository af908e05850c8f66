import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../../core/errors.ts';
import { LineProcess } from '../line-process.ts';

export interface SessionSettings {
  /** DuckDB's memory limit, such as `2GB`; beyond it, it spills below `scratch`. */
  readonly memory: string;
  readonly threads: number;
  readonly folders: readonly string[];
  readonly scratch: string;
}

type Row = Record<string, unknown>;

/** A DuckDB child process. Statements run in the order in which they are told; a dead child fails all that wait. */
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
    const { rows, error } = await this.#ask(sql);
    if (rows) return rows;
    throw engineFailed(error ?? 'no answer', sql);
  }

  /** Told all at once, done in this order. Rejects with the first failure; what comes after it is tried, too. */
  runAll(statements: readonly string[]): Promise<Row[][]> {
    return Promise.all(statements.map((sql) => this.run(sql)));
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #ask(sql: string): Promise<{ rows?: Row[]; error?: string }> {
    try {
      return JSON.parse(await this.#process.ask(JSON.stringify({ sql })));
    } catch (error) {
      throw engineFailed(`${(error as Error).message}. ${this.#process.stderr}`, sql);
    }
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
