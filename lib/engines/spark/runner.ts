import type { SparkPlan } from '../../core/sql/plans/spark/plan.ts';
import type { SparkResult } from '../../core/sql/plans/spark/result.ts';
import type { EngineFile } from '../../ports/comparison.ts';

/** Where plans run: here, or on Glue. */
export interface SparkRunner {
  /** A room for one plan. The caller empties `folder`; `into` is a prefix of keys that nobody else writes to. */
  room(folder: string, into: string): SparkRoom;
  close(): Promise<void>;
}

/** The files of one plan, under names that Spark can open. */
export interface SparkRoom {
  /** The prefix of all that the job writes, with `/` at its end. */
  readonly into: string;
  /** The name under which Spark opens an object of the lake. */
  object(key: string): Promise<string>;
  /** Stores new bytes under a path in this room. */
  keep(path: string, bytes: AsyncIterable<Uint8Array>): Promise<string>;
  /** `bytes`: the uncompressed size of both sides. */
  run(plan: SparkPlan, bytes: number): Promise<SparkResult>;
  /** A file that the job wrote. */
  file(written: string): EngineFile;
}
