import type { Arriving, EngineDiff, EngineInput, StreamingDiff } from '../../ports/comparison.ts';
import type { Unsuitable } from '../common/unsuitable.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import type { TableEngine } from '../engine-kind.ts';
import { compareInLockstep } from './compare.ts';
import { obstacleTo, obstacleToReading } from './obstacle.ts';
import { LockstepStreamingDiff } from './streaming-diff.ts';

/** Compares by reading both sides record by record, where that is exact. */
export class LockstepEngine implements TableEngine {
  readonly #pool: DuckDbPool;
  /** Streaming diffs that are closed with the engine, unless they are closed before. */
  readonly #started: LockstepStreamingDiff[] = [];

  constructor(pool: DuckDbPool) {
    this.#pool = pool;
  }

  obstacleTo(input: EngineInput): Unsuitable | null {
    return obstacleTo(input);
  }

  async startStreamingDiff(arriving: Arriving): Promise<StreamingDiff | null> {
    if (obstacleToReading(arriving) !== null) return null;
    const streaming = new LockstepStreamingDiff(this.#pool, arriving, await this.#pool.newFolder());
    this.#started.push(streaming);
    return streaming;
  }

  async diff(input: EngineInput, folder: string): Promise<EngineDiff | Unsuitable> {
    const { observed, base, next } = input;
    const walked = observed instanceof LockstepStreamingDiff ? await observed.findings(base, next.landed) : undefined;
    return compareInLockstep(this.#pool, input, folder, walked === undefined ? {} : { walked });
  }

  async close(): Promise<void> {
    for (const streaming of this.#started) await streaming.close();
  }
}
