import { rm } from 'node:fs/promises';
import type { Arriving, EngineDiff, EngineInput, StreamingDiff } from '../../ports/comparison.ts';
import type { Unsuitable } from '../common/unsuitable.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import type { TableEngine } from '../engine-kind.ts';
import { compareInLockstep } from './compare.ts';
import { obstacleTo, obstacleToReading } from './obstacle.ts';
import { LockstepStreamingDiff } from './streaming-diff.ts';

/** A walk beside a landing, and where its findings lie. */
interface Streaming {
  readonly diff: LockstepStreamingDiff;
  readonly folder: string;
}

/** Walks along both sides, where that is exact. */
export class LockstepEngine implements TableEngine {
  readonly #pool: DuckDbPool;
  readonly #streaming = new Map<string, Streaming>();

  constructor(pool: DuckDbPool) {
    this.#pool = pool;
  }

  obstacleTo(input: EngineInput): string | null {
    return obstacleTo(input);
  }

  async startStreamingDiff(arriving: Arriving): Promise<StreamingDiff | null> {
    if (obstacleToReading(arriving) !== null) return null;
    await this.forget(arriving.table);
    const folder = await this.#pool.newFolder();
    const streaming = new LockstepStreamingDiff(this.#pool, arriving, folder);
    this.#streaming.set(arriving.table, { diff: streaming, folder });
    return streaming;
  }

  async diff(input: EngineInput, folder: string): Promise<EngineDiff | Unsuitable> {
    const walked = await this.#streaming.get(input.table)?.diff.findings(input.base, input.next.landed);
    return compareInLockstep(this.#pool, input, folder, walked === undefined ? {} : { walked });
  }

  async forget(table: string): Promise<void> {
    const streaming = this.#streaming.get(table);
    if (!streaming) return;
    streaming.diff.invalidate();
    this.#streaming.delete(table);
    await rm(streaming.folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    for (const table of [...this.#streaming.keys()]) await this.forget(table);
  }
}
