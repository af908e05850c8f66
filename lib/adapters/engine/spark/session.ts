import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../../core/errors.ts';
import type { SparkResult } from '../../../core/sql/spark-plan.ts';

export interface SparkSessionSettings {
  readonly python: string;
  /** Environment of the process: where Java is, and no secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memory: string;
  readonly threads: number;
  /** Options of the JVM, beside its memory. */
  readonly java?: string;
  /** Spark spills here. */
  readonly scratch: string;
}

interface Waiting {
  resolve(result: SparkResult): void;
  reject(error: Error): void;
}

const PROGRAM = fileURLToPath(new URL('../../../../glue-jobs/diff.py', import.meta.url));

/** `diff.py` under pyspark as a child process. Plans run one after the other; it stays for the next, as a JVM takes seconds to start. */
export class SparkSession {
  readonly #child: ChildProcess;
  readonly #waiting: Waiting[] = [];
  #stderr = '';
  #ended: string | undefined;

  constructor({ python, environment, memory, threads, java, scratch }: SparkSessionSettings) {
    const settings = {
      'spark.master': `local[${threads}]`,
      'spark.driver.memory': memory,
      'spark.driver.host': '127.0.0.1',
      'spark.driver.bindAddress': '127.0.0.1',
      'spark.local.dir': scratch,
      'spark.sql.warehouse.dir': `${scratch}/warehouse`,
      'spark.ui.enabled': 'false',
      'spark.ui.showConsoleProgress': 'false',
      ...(java ? { 'spark.driver.extraJavaOptions': java } : {}),
    };
    const conf = Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]);
    this.#child = spawn(python, [PROGRAM, ...conf], {
      env: { ...environment, PYTHONDONTWRITEBYTECODE: '1', SPARK_LOCAL_IP: '127.0.0.1' },
      cwd: scratch,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4000);
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#answer(line));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.on('close', (code, signal) => this.#fail(`it ended with ${signal ?? `exit code ${code}`}`));
    this.#child.stdin!.on('error', () => {});
  }

  run(plan: string): Promise<SparkResult> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(sparkFailed(this.#ended, this.#stderr));
      this.#waiting.push({ resolve, reject });
      this.#child.stdin!.write(`${JSON.stringify({ plan })}\n`);
    });
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin!.end();
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await closed;
    clearTimeout(impatience);
  }

  #answer(line: string): void {
    const answer = JSON.parse(line) as SparkResult & { readonly error?: string };
    const waiting = this.#waiting.shift();
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(sparkFailed(answer.error, this.#stderr));
  }

  #fail(reason: string): void {
    this.#ended ??= reason;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(sparkFailed(reason, this.#stderr));
  }
}

/** What Spark says may hold a row of the vendor's: only the name that it gives to the failure is for everybody. */
function sparkFailed(reason: string, stderr: string): NightfeedError {
  const condition = /\[([A-Z][A-Z0-9_.]+)\]/.exec(reason)?.[1];
  const said = condition ?? (/^it ended/.test(reason) ? reason : reason.split(/[:\n]/)[0]!.slice(0, 120));
  const isMemory = /OutOfMemory|No space left/i.test(reason + stderr);
  return new NightfeedError('ENGINE_FAILED', `Spark: ${isMemory ? 'out of memory or disk' : said}`, {
    details: { reason, stderr },
  });
}
