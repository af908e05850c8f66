import { NightfeedError } from '../../core/errors.ts';
import type { EngineDiff, EngineFile, EngineInput, Exported } from '../../ports/comparison.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import type { TableEngine } from '../engine-kind.ts';
import { compareOnSpark } from './compare.ts';
import { exportOnSpark } from './export-rows.ts';
import type { SparkRunner } from './runner.ts';

/** Compares and exports by plans of Spark SQL. */
export class SparkEngine implements TableEngine {
  readonly #pool: DuckDbPool;
  readonly #runner: SparkRunner | undefined;

  constructor(pool: DuckDbPool, runner: SparkRunner | undefined) {
    this.#pool = pool;
    this.#runner = runner;
  }

  obstacleTo(): Unsuitable {
    return new Unsuitable('a job costs more than it saves, unless the feed asks for it');
  }

  async diff(input: EngineInput, folder: string, reason: string): Promise<EngineDiff> {
    return { engine: 'spark', reason, ...(await compareOnSpark(this.#pool, this.#required, input, folder)) };
  }

  exportRows(exported: Exported, folder: string): Promise<readonly EngineFile[]> {
    return exportOnSpark(this.#pool, this.#required, exported, folder);
  }

  async close(): Promise<void> {
    await this.#runner?.close();
  }

  get #required(): SparkRunner {
    if (!this.#runner) throw new NightfeedError('ENGINE_MISSING', 'this process has no Spark');
    return this.#runner;
  }
}
