import { join } from 'node:path';
import { driveLockstep } from '../../core/diff/lockstep/drive.ts';
import { recordEnds } from '../../core/diff/lockstep/record-ends.ts';
import { LockstepWalk } from '../../core/diff/lockstep/walk.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { KeyOrder } from '../../core/records/scan/key-order.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import type { Batch } from './batch.ts';
import { BatchJoins, type BatchTable } from './batch-joins.ts';
import { UnmatchedFile } from './unmatched-file.ts';

/** Lockstep gives up when, after so many bytes, more than a certain share of them is unmatched. */
const UNJUDGED_BYTES = 16_000_000;
const HOPELESS_SHARE = 0.6;

/** The well-formed records of both sides as bytes. */
export interface Streams {
  readonly base: AsyncIterable<Uint8Array>;
  readonly next: AsyncIterable<Uint8Array>;
}

interface WalkPlan {
  readonly table: BatchTable;
  readonly engine: string;
  /** No record of either side has a line end inside. */
  readonly byLines: boolean;
  /** The order of keys, where both sides ascend. If it turns out wrong, more records stay unmatched, and nothing worse. */
  readonly keyOrder: KeyOrder | undefined;
  /** No record of the delivery is known to be malformed. */
  readonly isWellFormed: boolean;
}

export interface Walked {
  readonly batches: readonly Batch[];
  /** The joins of the batches; null where all unmatched records have to be joined together. */
  readonly joins: BatchJoins | null;
}

/**
 * Matches equal records and writes the unmatched ones into files in the folder, batch by batch. The answer is Unsuitable when too few
 * records are equal. There is one batch, unless both sides ascend by key and batches are joined; then no two batches share a key.
 */
export async function walkInBatches(
  pool: DuckDbPool,
  { table, engine, byLines, keyOrder, isWellFormed }: WalkPlan,
  streams: Streams,
  folder: string,
): Promise<Walked | Unsuitable> {
  const { recordEnd } = table.head;
  const joins = keyOrder && isWellFormed ? BatchJoins.over(pool, table, folder) : null;
  const batches: Batch[] = [];
  let taken = 0;
  const begin = () => {
    const file = (side: string) =>
      new UnmatchedFile(join(folder, `unmatched-${batches.length}-${side}.csv`), recordEnd.length);
    batches.push({ base: file('base'), next: file('next') });
  };
  const current = () => batches.at(-1)!;
  const end = () => {
    const { base, next } = current();
    base.finish();
    next.finish();
    taken += next.bytes;
  };
  begin();
  const walk = new LockstepWalk({
    ends: recordEnds(recordSyntaxOf(table.reading.format), recordEnd, byLines),
    keyOrder,
    unmatched: (side, bytes, from, to, offset) => current()[side].add(bytes, from, to, offset),
  });
  // At this point every key of the batch is smaller than all keys still to come.
  const goOn = (bytes: number) => {
    const { base, next } = current();
    if (joins?.isBatch(base.bytes + next.bytes)) {
      end();
      joins.take(current());
      begin();
    }
    const rest = taken + current().next.bytes;
    return engine === 'lockstep' || bytes < UNJUDGED_BYTES || rest <= bytes * HOPELESS_SHARE;
  };
  let isDone = false;
  try {
    const options = { goOn, ...(pool.windowBytes ? { windowBytes: pool.windowBytes } : {}) };
    isDone = await driveLockstep(streams.base, streams.next, walk, options);
  } finally {
    end();
  }
  if (isDone) {
    joins?.take(current());
    return { batches, joins };
  }
  joins?.abandon();
  const share = Math.round((taken / (taken + walk.matched)) * 100);
  return new Unsuitable(`lockstep stopped early: ${share} % of the first bytes found no equal record`);
}
