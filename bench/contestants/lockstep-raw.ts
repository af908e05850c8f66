import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { driveLockstep } from '../../lib/core/diff/lockstep/drive.ts';
import { recordEnds } from '../../lib/core/diff/lockstep/record-ends.ts';
import { LockstepWalk } from '../../lib/core/diff/lockstep/walk.ts';
import { recordTextOf } from '../../lib/core/feed/descriptors/format-descriptor.ts';
import { recordSyntaxOf } from '../../lib/core/records/record-syntax.ts';
import { KeyOrder } from '../../lib/core/records/scan/key-order.ts';
import type { LandedTable } from '../../lib/core/run/pull-receipt.ts';
import { Unsuitable } from '../../lib/engines/common/unsuitable.ts';
import { DuckDbPool } from '../../lib/engines/duckdb/pool.ts';
import { compareInLockstep } from '../../lib/engines/lockstep/compare.ts';
import { wellFormedBytes } from '../../lib/engines/lockstep/stream.ts';
import { UnmatchedFile } from '../../lib/engines/lockstep/unmatched-file.ts';
import type { Streams } from '../../lib/engines/lockstep/walk-sides.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import type { Arena } from '../arena.ts';
import type { Contestant } from '../contestant.ts';
import { columns, items } from '../items.ts';
import { engineInput, type Landing } from '../landing.ts';
import { engineLimits } from '../limits.ts';

interface Prepared {
  readonly landing: Landing;
  readonly raw: { readonly base: string; readonly next: string };
  readonly lake: string;
  readonly scratch: string;
}

async function prepare(arena: Arena): Promise<Prepared> {
  const raw = { base: arena.raw('base'), next: arena.raw('next') };
  return { landing: await arena.landing(), raw, lake: arena.lake, scratch: arena.scratch };
}

/** The walk and its files of unmatched records, without a join: it cannot tell an update from a row that went and one that came. */
export const walkRaw: Contestant<Prepared> = {
  name: 'walk-raw',
  title: 'lockstep walk alone, raw files',
  group: 'diff',
  prepare,
  async run({ landing, raw, scratch }, watch) {
    await mkdir(scratch, { recursive: true });
    watch.lap('walk');
    const { header, recordEnd } = landing.next.files[0]!;
    const dialect = recordSyntaxOf(recordTextOf(items.format));
    const base = new UnmatchedFile(join(scratch, 'base.csv'), recordEnd.length);
    const next = new UnmatchedFile(join(scratch, 'next.csv'), recordEnd.length);
    const walk = new LockstepWalk({
      ends: recordEnds(
        dialect,
        recordEnd,
        isEvery(landing, (file) => file.lines),
      ),
      keyOrder: isEvery(landing, (file) => file.keys !== null) ? KeyOrder.of(header, columns, dialect) : undefined,
      unmatched: (side, bytes, from, to, offset) => (side === 'base' ? base : next).add(bytes, from, to, offset),
    });
    await driveLockstep(rawRecords(raw.base, landing.base), rawRecords(raw.next, landing.next), walk);
    base.finish();
    next.finish();
    watch.stop();
    await rm(scratch, { recursive: true });
    return { counts: { rows: landing.base.rows - base.records + next.records } };
  },
};

export const lockstepRaw = withJoin(
  { name: 'lockstep-raw', title: 'lockstep, raw files' },
  (_store, { raw, landing }) => ({
    base: rawRecords(raw.base, landing.base),
    next: rawRecords(raw.next, landing.next),
  }),
);

/** As when tonight's dump is compared while it arrives. */
export const lockstepHalfRaw = withJoin(
  { name: 'lockstep-half-raw', title: 'lockstep, base landed, new side raw' },
  (store, { raw, landing }) => ({
    base: wellFormedBytes(store, landing.base.files, new Map()),
    next: rawRecords(raw.next, landing.next),
  }),
);

function withJoin(
  labels: { name: string; title: string },
  streams: (store: ReturnType<typeof folderStore>, prepared: Prepared) => Streams,
): Contestant<Prepared> {
  return {
    ...labels,
    group: 'diff',
    against: 'duckdb-csv',
    prepare,
    async run(prepared, watch) {
      const { landing, lake, scratch } = prepared;
      const store = folderStore(lake);
      const pool = new DuckDbPool({ store, scratch, ...engineLimits });
      try {
        watch.lap('diff');
        return await pool.inFolder(async (folder) => {
          const found = await compareInLockstep(pool, engineInput(landing, 'lockstep'), folder, {
            streams: streams(store, prepared),
          });
          watch.stop();
          if (found instanceof Unsuitable) throw new Error(found.reason);
          const { inserted, updated, gone } = found;
          return { counts: { inserted, updated, gone } };
        });
      } finally {
        await pool.close();
      }
    },
  };
}

const READ_BYTES = 1 << 20;

/** Two buffers in turn: while one is compared, the other is filled. */
async function* rawRecords(path: string, { files }: LandedTable): AsyncGenerator<Buffer> {
  const file = await open(path);
  const buffers = [Buffer.alloc(READ_BYTES), Buffer.alloc(READ_BYTES)] as const;
  let at = Buffer.from(files[0]!.head, 'base64').length;
  try {
    for (let turn = 0; ; turn += 1) {
      const { bytesRead, buffer } = await file.read(buffers[turn & 1]!, 0, READ_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function isEvery({ base, next }: Landing, holds: (file: LandedTable['files'][number]) => boolean): boolean {
  return [...base.files, ...next.files].every(holds);
}
