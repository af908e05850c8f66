import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { objectText } from '../../core/objects/object-kind.ts';
import { sparkPlan } from '../../core/sql/plans/spark/plan.ts';
import type { Store } from '../../ports/store.ts';
import type { SparkRoom, SparkRunner } from './runner.ts';
import { SparkSession, type SparkSessionSettings } from './session.ts';

/** What pyspark needs on this machine. Called when a plan is about to run, because installing it takes a minute the first time. */
export type LocalSpark = () => Promise<Pick<SparkSessionSettings, 'python' | 'environment'>>;

type Limits = Pick<SparkSessionSettings, 'memory' | 'threads' | 'java'>;

/** Spark on this machine. It reads files of the lake and of the scratch folder. */
export class LocalSparkRunner implements SparkRunner {
  readonly #store: Store;
  readonly #spark: LocalSpark;
  readonly #limits: Limits;
  #session: SparkSession | undefined;

  constructor(store: Store, spark: LocalSpark, limits: Limits) {
    this.#store = store;
    this.#spark = spark;
    this.#limits = limits;
  }

  room(folder: string): SparkRoom {
    const into = `file:${folder}/spark/`;
    return {
      into,
      object: async (key) => `file:${await this.#store.localPath(key, folder)}`,
      async keep(path, bytes) {
        const file = join(folder, 'spark', path);
        await mkdir(dirname(file), { recursive: true });
        await pipeline(bytes, createWriteStream(file));
        return `file:${file}`;
      },
      run: async (plan) => {
        const file = join(folder, 'plan.json');
        await writeFile(file, objectText(sparkPlan, plan));
        const session = await this.#open(dirname(folder));
        return session.run(`file:${file}`);
      },
      file: (written) => ({ path: written.replace(/^file:(\/\/)?/, '') }),
    };
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  async #open(scratch: string): Promise<SparkSession> {
    if (!this.#session?.alive) this.#session = new SparkSession({ ...(await this.#spark()), ...this.#limits, scratch });
    return this.#session;
  }
}
