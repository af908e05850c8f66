import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localSpark } from '../../../bin/spark.ts';
import { type SparkPlan, sessionSettings } from '../../../lib/core/sql/plans/spark-plan.ts';
import { SparkSession } from '../../../lib/engines/spark/session.ts';
import { BRIEF_JVM } from './spark-here.ts';

/** Answers queries as Spark does in a diff. */
export class SparkQueries {
  readonly #folder: string;
  readonly #session: SparkSession;
  #asked = 0;

  private constructor(folder: string, session: SparkSession) {
    this.#folder = folder;
    this.#session = session;
  }

  static async open(): Promise<SparkQueries> {
    const folder = await mkdtemp(join(tmpdir(), 'spark-queries-'));
    const spark = await localSpark(console.error)();
    const limits = { memory: '1g', threads: 2, java: BRIEF_JVM };
    return new SparkQueries(folder, new SparkSession({ ...spark, ...limits, scratch: folder }));
  }

  async rows(select: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
    this.#asked += 1;
    const place = `file:${this.#folder}/${this.#asked}`;
    const plan = emptyPlan(`${place}/`, { asked: select });
    await writeFile(join(this.#folder, `${this.#asked}.json`), JSON.stringify(plan));
    return (await this.#session.run(`${place}.json`)).queries.asked!;
  }

  async close(): Promise<void> {
    await this.#session.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** A plan that only asks. */
export function emptyPlan(into: string, queries: Readonly<Record<string, string>>): SparkPlan {
  return {
    version: 1,
    settings: sessionSettings(0),
    inputs: [],
    steps: [],
    checks: [],
    queries: { numbers: 'SELECT 0 AS none', ...queries },
    chosen: null,
    optional: {},
    outputs: [],
    into,
    result: `${into}result.json`,
  };
}
