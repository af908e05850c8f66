import type { EngineDescriptor } from '../core/feed/descriptors/engine-descriptor.ts';
import type { Arriving, EngineDiff, EngineFile, EngineInput, Exported, StreamingDiff } from '../ports/comparison.ts';
import type { Unsuitable } from './common/unsuitable.ts';
import type { DuckDbPool } from './duckdb/pool.ts';
import type { SparkRunner } from './spark/runner.ts';

/** A kind of engine: one folder of lib/engines. */
export interface EngineKind extends EngineDescriptor {
  /** Imports the engine's code here and not at the top, because every program that reads feed files loads the descriptor, and most compare nothing. */
  open(shared: SharedByEngines): Promise<TableEngine>;
}

/** What all engines of a process work with. */
export interface SharedByEngines {
  /** The lake, scratch folders, and DuckDB for the work that is the same for every engine. */
  readonly pool: DuckDbPool;
  /** Runs plans as Spark SQL, here or on Glue; undefined where there is no Spark. The program that starts this process chooses. */
  readonly spark: SparkRunner | undefined;
}

/** One way to compare tables. Files are in a folder that the caller empties. */
export interface TableEngine {
  /** null when this engine may compare the table, and Unsuitable when it would be wrong or useless. Only asked when the feed demands no engine. */
  obstacleTo(input: EngineInput): Unsuitable | null;
  /** `reason`: why it was chosen. The answer is Unsuitable when the engine finds out that the next one has to compare. */
  diff(input: EngineInput, folder: string, reason: string): Promise<EngineDiff | Unsuitable>;
  /** Starts to compare a table while it lands; null when that would not help. */
  startStreamingDiff?(arriving: Arriving): Promise<StreamingDiff | null>;
  /** Writes all rows of a snapshot that is not empty. An engine without this leaves it to DuckDB. */
  exportRows?(exported: Exported, folder: string): Promise<readonly EngineFile[]>;
  close?(): Promise<void>;
}
