import { join } from 'node:path';
import { driveLockstep } from '../../core/diff/lockstep/drive.ts';
import { recordEnds } from '../../core/diff/lockstep/record-ends.ts';
import { LockstepWalk } from '../../core/diff/lockstep/walk.ts';
import { dialectOf } from '../../core/records/dialect.ts';
import type { KeyOrder } from '../../core/records/key-order.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import { ResidualFile } from './residual-file.ts';
import type { Round } from './round.ts';
import { RoundJoins, type RoundTable } from './round-joins.ts';

/** The walk is given up when, past so many bytes, more than this share of them found no equal record. */
const UNJUDGED_BYTES = 16_000_000;
const HOPELESS_SHARE = 0.6;

/** The sound records of both sides as bytes. */
export interface Streams {
  readonly base: AsyncIterable<Uint8Array>;
  readonly next: AsyncIterable<Uint8Array>;
}

interface WalkPlan {
  readonly table: RoundTable;
  readonly engine: EngineInput['engine'];
  /** No record of either side holds a line end. */
  readonly byLines: boolean;
  /** Where both sides ascend by key. Another order only makes the rest larger. */
  readonly keyOrder: KeyOrder | undefined;
  /** No record of the delivery is known to be broken. */
  readonly isSound: boolean;
}

export interface Walked {
  readonly rounds: readonly Round[];
  /** Where each round was joined at once. */
  readonly joins: RoundJoins | null;
}

/**
 * Cancels equal records; the rest goes to files in the folder, round by round. Resolves to a text when it was given up.
 * There is one round, unless both sides ascend by key and rounds are joined: then no key of a round comes again in another.
 */
export async function walkInRounds(
  bench: Workbench,
  { table, engine, byLines, keyOrder, isSound }: WalkPlan,
  streams: Streams,
  folder: string,
): Promise<Walked | string> {
  const { recordEnd } = table.head;
  const joins = keyOrder && isSound ? RoundJoins.over(bench, table, folder) : null;
  const rounds: Round[] = [];
  let taken = 0;
  const begin = () => {
    const file = (side: string) =>
      new ResidualFile(join(folder, `residual-${rounds.length}-${side}.csv`), recordEnd.length);
    rounds.push({ base: file('base'), next: file('next') });
  };
  const current = () => rounds.at(-1)!;
  const end = () => {
    const { base, next } = current();
    base.finish();
    next.finish();
    taken += next.bytes;
  };
  begin();
  const walk = new LockstepWalk({
    ends: recordEnds(dialectOf(table.reading.format), recordEnd, byLines),
    keyOrder,
    residual: (side, bytes, from, to, offset) => current()[side].add(bytes, from, to, offset),
  });
  // Between two steps of a walk by key, every key that was handed out is smaller than all that come.
  const goOn = (bytes: number) => {
    const { base, next } = current();
    if (joins?.isRound(base.bytes + next.bytes)) {
      end();
      joins.take(current());
      begin();
    }
    const rest = taken + current().next.bytes;
    return engine === 'lockstep' || bytes < UNJUDGED_BYTES || rest <= bytes * HOPELESS_SHARE;
  };
  let isDone = false;
  try {
    const options = { goOn, ...(bench.windowBytes ? { windowBytes: bench.windowBytes } : {}) };
    isDone = await driveLockstep(streams.base, streams.next, walk, options);
  } finally {
    end();
  }
  if (isDone) {
    joins?.take(current());
    return { rounds, joins };
  }
  joins?.abandon();
  const share = Math.round((taken / (taken + walk.cancelled)) * 100);
  return `lockstep stopped early: ${share} % of the first bytes found no equal record`;
}
