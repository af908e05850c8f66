import { totalmem } from 'node:os';

const MAX_BYTES = 4_000_000_000;

/** DuckDB's, in whoever's hands: what the command line gives its engine. */
export const engineLimits = { memory: `${Math.floor(Math.min(totalmem() / 2, MAX_BYTES) / 1e6)}MB`, threads: 2 };
