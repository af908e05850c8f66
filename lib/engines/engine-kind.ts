import type { EngineDescriptor } from '../core/feed/engine-descriptor.ts';
import type { Arriving, EngineDiff, EngineFile, EngineInput, Exported, StreamingDiff } from '../ports/comparison.ts';
import type { Unsuitable } from './common/unsuitable.ts';
import type { DuckDbPool } from './duckdb/pool.ts';
import type { SparkRunner } from './spark/runner.ts';

/** A kind of engine: one folder of lib/engines. */
export interface EngineKind extends EngineDescriptor {
  /** Imports what it needs: a descriptor is loaded by all that read feed files, and most of them compare nothing. */
  open(shared: SharedByEngines): Promise<TableEngine>;
}

/** What all engines of a process work with. */
export interface SharedByEngines {
  /** The lake, scratch folders and DuckDB, which does for each engine what all do alike. */
  readonly pool: DuckDbPool;
  /** Where plans run as Spark SQL, if anywhere: here or on Glue, as what starts this process knows. */
  readonly spark: SparkRunner | undefined;
}

/** One way to compare tables. Files are in a folder that the caller empties. */
export interface TableEngine {
  /** Why it would be wrong or useless for this table; null where it may compare it. Asked where nothing is demanded. */
  obstacleTo(input: EngineInput): string | null;
  /** `reason`: why it was chosen. Unsuitable where it turns out that the next engine has to compare. */
  diff(input: EngineInput, folder: string, reason: string): Promise<EngineDiff | Unsuitable>;
  /** Looks on while a table lands; null when that would not help. */
  startStreamingDiff?(arriving: Arriving): Promise<StreamingDiff | null>;
  /** All rows of a snapshot that has some; without it DuckDB writes them. */
  exportRows?(exported: Exported, folder: string): Promise<readonly EngineFile[]>;
  close?(): Promise<void>;
}
