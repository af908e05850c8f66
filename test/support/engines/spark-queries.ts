import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localSpark } from '../../../bin/spark.ts';
import { objectText } from '../../../lib/core/objects/object-kind.ts';
import { type SparkPlan, sessionSettings, sparkPlan } from '../../../lib/core/sql/plans/spark/plan.ts';
import type { SparkResult } from '../../../lib/core/sql/plans/spark/result.ts';
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
    const { queries } = await this.answer((into) => objectText(sparkPlan, emptyPlan(into, { asked: select })));
    return queries.asked!;
  }

  /** What `diff.py` makes of the text of a plan. */
  async answer(planFor: (into: string) => string): Promise<SparkResult> {
    this.#asked += 1;
    const place = `file:${this.#folder}/${this.#asked}`;
    await writeFile(join(this.#folder, `${this.#asked}.json`), planFor(`${place}/`));
    return this.#session.run(`${place}.json`);
  }

  /** The object that it left, as text. */
  result(): Promise<string> {
    return readFile(join(this.#folder, `${this.#asked}`, 'result.json'), 'utf8');
  }

  async close(): Promise<void> {
    await this.#session.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** A plan that only asks. */
export function emptyPlan(into: string, queries: Readonly<Record<string, string>>): SparkPlan {
  return {
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
