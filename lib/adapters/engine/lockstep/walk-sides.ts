import { join } from 'node:path';
import { driveLockstep } from '../../../core/diff/lockstep/drive.ts';
import { recordEnds } from '../../../core/diff/lockstep/record-ends.ts';
import { LockstepWalk } from '../../../core/diff/lockstep/walk.ts';
import type { Dialect } from '../../../core/records/dialect.ts';
import type { KeyOrder } from '../../../core/records/key-order.ts';
import type { RecordEnd } from '../../../core/run/receipt.ts';
import { ResidualFile } from './residual-file.ts';

/** The walk is given up when, past so many bytes, more than this share of them found no equal record. */
const UNJUDGED_BYTES = 16_000_000;
const HOPELESS_SHARE = 0.6;

/** The sound records of both sides as bytes. */
export interface Streams {
  readonly base: AsyncIterable<Uint8Array>;
  readonly next: AsyncIterable<Uint8Array>;
}

interface WalkPlan {
  readonly dialect: Dialect;
  readonly recordEnd: RecordEnd;
  /** No record of either side holds a line end. */
  readonly byLines: boolean;
  /** Where both sides ascend by key. Another order only makes the rest larger. */
  readonly keyOrder: KeyOrder | undefined;
  /** However little the sides have in common. */
  readonly toTheEnd: boolean;
  readonly windowBytes: number | undefined;
}

/** What found no equal record. */
export interface Walked {
  readonly base: ResidualFile;
  readonly next: ResidualFile;
}

/** Cancels equal records; the rest goes to two files in the folder. Resolves to a text when it was given up. */
export async function walkSides(plan: WalkPlan, streams: Streams, folder: string): Promise<Walked | string> {
  const { recordEnd, windowBytes } = plan;
  const base = new ResidualFile(join(folder, 'residual-base.csv'), recordEnd.length);
  const next = new ResidualFile(join(folder, 'residual-next.csv'), recordEnd.length);
  const walk = new LockstepWalk({
    ends: recordEnds(plan.dialect, recordEnd, plan.byLines),
    keyOrder: plan.keyOrder,
    residual: (side, bytes, from, to, offset) => (side === 'base' ? base : next).add(bytes, from, to, offset),
  });
  const goOn = (bytes: number) => plan.toTheEnd || bytes < UNJUDGED_BYTES || next.bytes <= bytes * HOPELESS_SHARE;
  try {
    const options = { goOn, ...(windowBytes ? { windowBytes } : {}) };
    if (await driveLockstep(streams.base, streams.next, walk, options)) return { base, next };
  } finally {
    base.finish();
    next.finish();
  }
  const share = Math.round((next.bytes / (next.bytes + walk.cancelled)) * 100);
  return `lockstep stopped early: ${share} % of the first bytes found no equal record`;
}
