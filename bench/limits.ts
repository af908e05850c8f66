import { availableParallelism, totalmem } from 'node:os';

const MAX_BYTES = 4_000_000_000;

/** DuckDB's, in whoever's hands: what the command line gives its engine. */
export const engineLimits = { memory: `${Math.floor(Math.min(totalmem() / 2, MAX_BYTES) / 1e6)}MB`, threads: 2 };

const MAX_HEAP_MB = 8000;

/**
 * Spark's, for 100 million rows on a machine of 24 GB: a third of it. Beyond the heap Spark spills, and the rest of the memory
 * keeps what it spilled near.
 */
export const sparkLimits = {
  memory: `${Math.max(1024, Math.min(MAX_HEAP_MB, Math.floor(totalmem() / 3 / 1e6)))}m`,
  threads: availableParallelism(),
};
