import { chown } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../core/errors.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import type { EngineUser } from '../common/engine-user.ts';
import { inLentFolder, keepCopies } from '../common/lent-folder.ts';
import { LineProcess } from '../common/line-process.ts';

export interface SessionSettings {
  /** DuckDB's memory limit, such as `2GB`; beyond it, it spills below `scratch`. */
  readonly memory: string;
  readonly threads: number;
  readonly folders: readonly string[];
  readonly scratch: string;
  /** Another one than ours. It writes into its spill folder, and into what is lent to it. */
  readonly user?: EngineUser | undefined;
}

/** What a query comes to, as a file of ours. */
export interface Output {
  readonly select: string;
  readonly path: string;
  /** Options of COPY. */
  readonly format: string;
  /** `path` becomes a folder that has one for each partition. */
  readonly isPartitioned?: boolean;
}

export const PARQUET = 'FORMAT parquet, COMPRESSION zstd';

/** Where DuckDB spills, below its scratch folder. */
export const SPILL = 'spill';

/** What is started. */
export const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
);

type Row = Record<string, unknown>;

/** A DuckDB child process. Statements run one after the other; a dead child fails all that wait. */
export class DuckDbSession {
  readonly #process: LineProcess;
  readonly #scratch: string;
  readonly #user: EngineUser | undefined;

  constructor({ user, ...settings }: SessionSettings) {
    this.#scratch = settings.scratch;
    this.#user = user;
    const command = [process.execPath, '--disable-warning=ExperimentalWarning', PROGRAM];
    const [program, ...args] = [...(user?.launcher ?? []), ...command];
    this.#process = new LineProcess(program!, args, {
      // An empty environment: the child needs no secret that the parent may hold. Who shares a terminal with a shell of root's can type into it.
      options: { env: {}, detached: user !== undefined },
      patienceMs: 2000,
      keptErrors: 2000,
    });
    this.#process.tell(JSON.stringify({ ...settings, spill: join(settings.scratch, SPILL) }));
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

  /** Writes what queries come to, and answers what COPY does. */
  async write(outputs: readonly Output[]): Promise<Row[]> {
    const user = this.#user;
    if (!user) return this.#copy(outputs);
    return inLentFolder(this.#scratch, user, async (lent) => {
      const written = outputs.map((output) => ({ ...output, path: join(lent, basename(output.path)) }));
      const answers = await this.#copy(written);
      const kept = outputs.map(({ path, isPartitioned }) => ({
        name: basename(path),
        path,
        depth: isPartitioned ? 2 : 0,
      }));
      await keepCopies(lent, kept, user);
      return answers;
    });
  }

  /** Lets it write into a pipe that lies in a folder of ours. */
  async lendPipe(path: string): Promise<void> {
    if (this.#user) await chown(path, this.#user.uid, this.#user.gid);
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #copy(outputs: readonly Output[]): Promise<Row[]> {
    const answers = await this.runAll(
      outputs.map(({ select, path, format }) => `COPY (${select}) TO ${quoteLiteral(path)} (${format})`),
    );
    return answers.map(([row]) => row!);
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
