import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../../core/errors.ts';
import { type SparkResult, sparkResultIn } from '../../core/sql/plans/spark/result.ts';
import { LineProcess } from '../common/line-process.ts';
import { newerPlan } from './newer-plan.ts';

export interface SparkSessionSettings {
  readonly python: string;
  /** The environment of the process: it says where Java is, and has no secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memory: string;
  readonly threads: number;
  /** Options of the JVM, beside its memory. */
  readonly java?: string;
  /** Spark spills here. */
  readonly scratch: string;
}

const PROGRAM = fileURLToPath(new URL('../../../glue-jobs/diff.py', import.meta.url));

/** `diff.py` under pyspark, as a child process. Plans run one after the other. The process stays for the next one, because a JVM takes seconds to start. */
export class SparkSession {
  readonly #process: LineProcess;

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
    this.#process = new LineProcess(python, [PROGRAM, ...conf], {
      options: { env: { ...environment, PYTHONDONTWRITEBYTECODE: '1', SPARK_LOCAL_IP: '127.0.0.1' }, cwd: scratch },
      patienceMs: 5000,
      keptErrors: 4000,
    });
  }

  async run(plan: string): Promise<SparkResult> {
    const answer = await this.#ask(plan);
    const { error } = answer as { readonly error?: unknown };
    if (error === undefined) return sparkResultIn(answer, `the answer to ${plan}`);
    throw sparkFailed(String(error), this.#process.stderr);
  }

  get alive(): boolean {
    return this.#process.alive;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  async #ask(plan: string): Promise<object> {
    try {
      return JSON.parse(await this.#process.ask(JSON.stringify({ plan })));
    } catch (error) {
      throw sparkFailed((error as Error).message, this.#process.stderr);
    }
  }
}

/** Spark's message may contain a row of the vendor's, so only the name of the failure is reported. */
function sparkFailed(reason: string, stderr: string): NightfeedError {
  const condition = /\[([A-Z][A-Z0-9_.]+)\]/.exec(reason)?.[1];
  const said = condition ?? (/^it ended/.test(reason) ? reason : reason.split(/[:\n]/)[0]!.slice(0, 120));
  const newer = newerPlan(condition, { reason, stderr });
  if (newer) return newer;
  const isExhausted = /OutOfMemory|No space left/i.test(reason + stderr);
  const details = { reason, stderr };
  if (isExhausted) return new NightfeedError('ENGINE_EXHAUSTED', 'Spark: out of memory or disk', { details });
  return new NightfeedError('ENGINE_FAILED', `Spark: ${said}`, { details });
}
