import type { SparkPlan, SparkResult } from '../../core/sql/plans/spark-plan.ts';
import type { EngineFile } from '../../ports/comparison.ts';

/** Where plans run: here, or on Glue. */
export interface SparkRunner {
  /** Room for one plan. `folder` is emptied by the caller, `into` a prefix of keys that nobody else writes to. */
  room(folder: string, into: string): SparkRoom;
  close(): Promise<void>;
}

/** One plan's files, by names that Spark can open. */
export interface SparkRoom {
  /** Prefix of what the job writes, `/` at the end. */
  readonly into: string;
  /** An object of the lake. */
  object(key: string): Promise<string>;
  /** Bytes that are nowhere yet, under a path of our own. */
  keep(path: string, bytes: AsyncIterable<Uint8Array>): Promise<string>;
  /** `bytes`: uncompressed, of both sides. */
  run(plan: SparkPlan, bytes: number): Promise<SparkResult>;
  /** A file that the job wrote. */
  file(written: string): EngineFile;
}
