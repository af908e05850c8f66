import { createReadStream } from 'node:fs';
import { NightfeedError } from '../../core/errors.ts';
import { dialectOf } from '../../core/records/dialect.ts';
import { KeyOrder } from '../../core/records/key-order.ts';
import { locate } from '../../core/records/record-stream.ts';
import type { SnapshotManifest, Structural } from '../../core/run/receipt.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { filteredSql } from '../../core/sql/plans/base-rows.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import { ascends } from '../common/ascending.ts';
import { compare, report } from '../duckdb/compare.ts';
import type { Comparison } from '../duckdb/comparison.ts';
import { brokenInput, recordsOf, snapshotRows, typedRows } from '../duckdb/inputs.ts';
import type { Objection } from '../duckdb/join-rows.ts';
import { type DropsByPart, readDrops } from '../duckdb/part-files.ts';
import type { Broken, LocatedReject, ValueReject } from '../duckdb/plan-inputs.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import { fileRanges } from './file-ranges.ts';
import { type Round, residualRecords } from './round.ts';
import { partFile } from './round-joins.ts';
import { LandingPlaces, soundBytes, soundRecords } from './stream.ts';
import { type Streams, type Walked, walkInRounds } from './walk-sides.ts';

/**
 * Cancels equal records of base and delivery, joins only the rest. Resolves to a text when the full join is needed after
 * all: the files have too little in common, or a key in the rest is also the key of a cancelled record.
 */
export async function compareInLockstep(
  bench: Workbench,
  input: EngineInput,
  folder: string,
  seen?: Seen,
): Promise<EngineDiff | string> {
  const base = input.base!;
  const { landed } = input.next;
  const baseDrops = await readDrops(bench.store, base.drops?.key);
  const structural = (await readDrops(bench.store, landed.rejects?.key)) as Map<number, Structural[]>;
  const streams = seen?.streams ?? {
    base: soundBytes(bench.store, base.files, baseDrops),
    next: soundBytes(bench.store, landed.files, structural),
  };
  const walked = seen?.walked ?? (await walk(bench, input, streams, structural, folder));
  if (typeof walked === 'string') return walked;

  const residual = residualRecords(walked.rounds);
  const cancelled = soundRecords(landed.files, structural) - residual.next;
  const alsoCancelled = soundRecords(base.files, baseDrops) - residual.base;
  if (cancelled !== alsoCancelled) {
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `${input.table}: ${cancelled} records cancelled on one side, ${alsoCancelled} on the other`,
    );
  }
  const found = await joinRest(bench, input, walked, structural, cancelled, folder);
  if (typeof found === 'string') return found;
  return {
    engine: 'lockstep',
    reason: `${cancelled} records are equal on both sides${seen?.walked ? ', as seen while they landed' : ''}; ${Math.max(residual.base, residual.next)} were joined by key`,
    ...found,
  };
}

/** As the rounds found it, where both sides turned out to ascend; else all of the rest at once. */
async function joinRest(
  bench: Workbench,
  input: EngineInput,
  { rounds, joins }: Walked,
  structural: Map<number, Structural[]>,
  cancelled: number,
  folder: string,
): Promise<Comparison<EngineDiff['files']> | string> {
  const ascending = ascends(orderOf(input), input.next.landed.files);
  const [head] = input.next.landed.files;
  const next = rounds.flatMap((round, index) => partFile(round.next, index, head!));
  const kept = rounds.flatMap((round, index) => partFile(round.base, index, head!));
  const filteredBase = filteredSql(duckdb, input.base!.reading, `(${recordsOf(kept, input.base!.reading)})`);
  const { broken, relation } = await brokenInput(bench.store, input, structural, folder);
  const locate = (values: readonly ValueReject[]) => locateResiduals(input, rounds, structural, broken, values);
  const files = () => fileRanges(input.next.landed.files, structural, rounds);
  const joined = ascending ? await joins?.result() : null;
  if (joined)
    return report((await bench.session()).session, input, { cancelled, filteredBase, locate }, joined, folder);
  joins?.abandon();
  const relations = [
    ['next_records', recordsOf(next, input.next.reading)],
    ['next_broken', relation],
    ['base_rows', await typedRows(bench.store, input.base!, input.columns, kept, folder)],
  ] as const;
  const objection = ascending ? undefined : keysCancelled(bench, input, folder);
  return bench.inSchema((session) =>
    compare(session, input, { next, cancelled, filteredBase, files, locate, relations }, folder, objection),
  );
}

/** What need not be read from landing any more. */
export interface Seen {
  readonly walked?: Walked | string;
  readonly streams?: Streams;
}

function walk(
  bench: Workbench,
  input: EngineInput,
  streams: Streams,
  structural: DropsByPart,
  folder: string,
): Promise<Walked | string> {
  const { files } = input.next.landed;
  const base = input.base!;
  const order = orderOf(input);
  const plan = {
    table: { ...input, base, reading: input.next.reading, head: files[0]! },
    engine: input.engine,
    byLines: [...base.files, ...files].every((file) => file.lines),
    keyOrder: ascends(order, base.files) && ascends(order, files) ? order : undefined,
    isSound: structural.size === 0,
  };
  return walkInRounds(bench, plan, streams, folder);
}

function orderOf({ next }: EngineInput): KeyOrder | undefined {
  return KeyOrder.of(next.landed.files[0]!.header, next.reading.columns, dialectOf(next.reading.format));
}

/**
 * A key of the rest that a cancelled record has too would be missed by the join. Only keys that met no base row, and
 * those that occur several times, can be such; they are looked up in the whole base.
 */
function keysCancelled(bench: Workbench, input: EngineInput, folder: string): Objection {
  const keys = input.columns.flatMap((column, index) => (column.key ? [`c${index}`] : []));
  const same = (a: string, b: string) => keys.map((key) => `${a}.${key} = ${b}.${key}`).join(' AND ');
  return async (session) => {
    await session.run(`CREATE TABLE suspects AS SELECT DISTINCT ${keys.join(', ')} FROM (
      SELECT ${keys.map((key) => `n_${key} AS ${key}`).join(', ')} FROM changed WHERE in_base IS NULL
      UNION ALL SELECT ${keys.join(', ')} FROM duplicate_rows) s
      WHERE NOT EXISTS (SELECT 1 FROM base_rows b WHERE ${same('b', 's')})`);
    if (Number((await session.run('SELECT count(*) AS n FROM suspects'))[0]!.n) === 0) return null;
    const whole = await snapshotRows(bench.store, input.base as SnapshotManifest, input.columns, folder);
    const hits = await session.run(
      `SELECT count(*) AS n FROM (${whole}) w WHERE EXISTS (SELECT 1 FROM suspects s WHERE ${same('s', 'w')})`,
    );
    const found = Number(hits[0]!.n);
    return found === 0 ? null : `lockstep was disproved: ${found} keys occur in equal records and in others`;
  };
}

/** Rejected records of the rest, found again in landing, and the structural ones, in stream order. */
async function* locateResiduals(
  { next }: EngineInput,
  rounds: readonly Round[],
  structural: DropsByPart,
  broken: ReadonlyMap<number, readonly Broken[]>,
  values: readonly ValueReject[],
): AsyncGenerator<LocatedReject> {
  const { recordEnd, header } = next.landed.files[0]!;
  const places = new LandingPlaces(next.landed.files, structural);
  const waiting = [...broken.entries()].sort(([a], [b]) => a - b).flatMap(([, records]) => records);
  const byRound = Map.groupBy(values, (value) => value.part);
  let passed = 0;
  for (const [index, { next: residual }] of rounds.entries()) {
    const rejects = byRound.get(index) ?? [];
    let nth = 0;
    for await (const { bytes, length } of locate(
      rejects.map((value) => value.ord),
      createReadStream(residual.path),
      dialectOf(next.reading.format),
      recordEnd,
      header.length,
    )) {
      const { ord, code, col, key, readable } = rejects[nth]!;
      nth += 1;
      const place = places.find(residual.offsetOf(ord));
      for (; passed < waiting.length && isBefore(waiting[passed]!, place); passed += 1)
        yield { ...waiting[passed]!, col: null, key: null, readable: null };
      yield { ...place, length, code, col, key, readable, bytes };
    }
  }
  for (; passed < waiting.length; passed += 1) yield { ...waiting[passed]!, col: null, key: null, readable: null };
}

function isBefore(a: { part: number; offset: number }, b: { part: number; offset: number }): boolean {
  return a.part < b.part || (a.part === b.part && a.offset < b.offset);
}
