import { duckdb } from './duckdb/descriptor.ts';
import type { EngineKind } from './engine-kind.ts';
import { lockstep } from './lockstep/descriptor.ts';
import { spark } from './spark/descriptor.ts';

/** The kinds of engine. Where a feed demands none, the first one without an obstacle compares. DuckDB never has an obstacle. */
export const engines = [lockstep, duckdb, spark] as const satisfies readonly EngineKind[];
