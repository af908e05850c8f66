import { chown } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../core/errors.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import type { EngineUser } from '../common/engine-user.ts';
import { inLentFolder, keepCopies } from '../common/lent-folder.ts';
import { LineProcess } from '../common/line-process.ts';

export interface SessionSettings {
  /** DuckDB's memory limit, such as `2GB`. What exceeds it goes to files below `scratch`. */
  readonly memory: string;
  readonly threads: number;
  readonly folders: readonly string[];
  readonly scratch: string;
  /** The files are a vendor's: nothing is concluded from what they say of their values, and nothing goes to the disk. */
  readonly isForeign?: boolean;
  /** Another user than ours. It may write into its spill folder, and into what is lent to it. */
  readonly user?: EngineUser | undefined;
}

/** A file that gets the result of a query. */
export interface Output {
  readonly select: string;
  readonly path: string;
  /** Options of COPY. */
  readonly format: string;
  /** `path` becomes a folder with a folder for each partition. */
  readonly isPartitioned?: boolean;
}

export const PARQUET = 'FORMAT parquet, COMPRESSION zstd';

/** Where DuckDB spills, below its scratch folder. */
export const SPILL = 'spill';

/** The program of the child process. */
export const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
);

type Row = Record<string, unknown>;

/** A DuckDB child process. Statements run one after the other. When the child dies, all open statements fail. */
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
      // The environment is empty, because the child needs none of our secrets. Detached, because a process could type into a terminal that it shares with root's shell.
      options: { env: {}, detached: user !== undefined },
      patienceMs: 2000,
      keptErrors: 2000,
    });
    const spill = settings.isForeign ? '' : join(settings.scratch, SPILL);
    this.#process.tell(JSON.stringify({ ...settings, spill }));
  }

  async run(sql: string): Promise<Row[]> {
    return (await this.runAll([sql]))[0]!;
  }

  /** Runs statements in order until one fails, and waits once. While this process is busy, waiting for an answer takes longer than many statements. */
  async runAll(statements: readonly string[]): Promise<Row[][]> {
    const { answers, error = 'no answer', at = 0 } = await this.#ask(statements);
    if (answers) return answers;
    throw engineFailed(error, statements[at] ?? '');
  }

  /** Writes the results of queries into files. The answer is that of COPY. */
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

  /** Lets DuckDB's user write into a pipe in a folder of ours. */
  async lendPipe(path: string): Promise<void> {
    if (this.#user) await chown(path, this.#user.uid, this.#user.gid);
  }

  /** Ends the process at once, whatever it is doing. */
  kill(): void {
    this.#process.kill();
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

/** The statement becomes a detail, because it is long. It may name columns, but has no values. */
function engineFailed(reason: string, sql: string): NightfeedError {
  const first = reason.split('\n')[0]!.slice(0, 300);
  const isExhausted = /Out of Memory|failed to offload|No space left/i.test(reason);
  return new NightfeedError(isExhausted ? 'ENGINE_EXHAUSTED' : 'ENGINE_FAILED', `DuckDB: ${first}`, {
    details: { reason, sql },
  });
}
