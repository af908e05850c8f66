import { createReadStream } from 'node:fs';
import { NightfeedError } from '../../core/errors.ts';
import { locate } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { KeyOrder } from '../../core/records/scan/key-order.ts';
import type { Structural } from '../../core/run/pull-receipt.ts';
import type { Dropped, SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { filteredSql } from '../../core/sql/plans/base-rows.ts';
import type { ValueReject } from '../../core/sql/plans/value-reject.ts';
import { OLDER_ROWS } from '../../core/sql/plans/versions.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import { ascends } from '../common/ascending.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import { compare, report } from '../duckdb/compare.ts';
import type { Comparison } from '../duckdb/comparison.ts';
import { malformedInput, recordsOf, snapshotRows, typedRows } from '../duckdb/inputs.ts';
import type { Objection } from '../duckdb/join-rows.ts';
import { type DropsByPart, readDrops, readStructural } from '../duckdb/part-files.ts';
import type { LocatedReject, MalformedRecord } from '../duckdb/plan-inputs.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import { recordNumberOf } from '../duckdb/rejects/locate-rejects.ts';
import { type Batch, unmatchedRecords } from './batch.ts';
import { partFile } from './batch-joins.ts';
import { fileRanges } from './file-ranges.ts';
import { LandingPlaces, wellFormedBytes, wellFormedRecords } from './stream.ts';
import { type Streams, type Walked, walkInBatches } from './walk-sides.ts';

/**
 * Matches equal records of base and delivery, and joins only the unmatched ones. The answer is Unsuitable when the full join is needed
 * after all: because the files have too little in common, or because an unmatched record has the key of a matched one.
 */
export async function compareInLockstep(
  pool: DuckDbPool,
  input: EngineInput,
  folder: string,
  seen?: Seen,
): Promise<EngineDiff | Unsuitable> {
  const base = input.base!;
  const { landed } = input.next;
  const baseDrops = await readDrops(pool.store, base.drops?.key);
  const structural = await readStructural(pool.store, landed.rejects?.key);
  const streams = seen?.streams ?? {
    base: wellFormedBytes(pool.store, base.files, baseDrops),
    next: wellFormedBytes(pool.store, landed.files, structural),
  };
  const walked = seen?.walked ?? (await walk(pool, input, streams, structural, folder));
  if (walked instanceof Unsuitable) return walked;

  const unmatched = unmatchedRecords(walked.batches);
  const matched = wellFormedRecords(landed.files, structural) - unmatched.next;
  const alsoMatched = wellFormedRecords(base.files, baseDrops) - unmatched.base;
  if (matched !== alsoMatched) {
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `${input.table}: ${matched} records matched on one side, ${alsoMatched} on the other`,
    );
  }
  const found = await joinUnmatched(pool, input, walked, structural, matched, folder);
  if (found instanceof Unsuitable) return found;
  return {
    engine: 'lockstep',
    reason: `${matched} records are equal on both sides${seen?.walked ? ', as seen while they landed' : ''}; ${Math.max(unmatched.base, unmatched.next)} were joined by key`,
    ...found,
  };
}

/** The result of the batches, where both sides ascend by key; otherwise the join of all unmatched records. */
async function joinUnmatched(
  pool: DuckDbPool,
  input: EngineInput,
  { batches, joins }: Walked,
  structural: Map<number, Structural[]>,
  matched: number,
  folder: string,
): Promise<Comparison<EngineDiff['files']> | Unsuitable> {
  const ascending = ascends(orderOf(input), input.next.landed.files);
  const [head] = input.next.landed.files;
  const next = batches.flatMap((batch, index) => partFile(batch.next, index, head!));
  const kept = batches.flatMap((batch, index) => partFile(batch.base, index, head!));
  const filteredBase = filteredSql(duckdb, input.base!.reading, `(${recordsOf(kept, input.base!.reading)})`);
  const { malformed, relation } = await malformedInput(pool.store, input, structural, folder);
  const locate = (values: readonly ValueReject[]) => locateUnmatched(input, batches, structural, malformed, values);
  const recordNumber = (place: Dropped) => recordNumberOf(pool.store, input, place);
  const files = () => fileRanges(input.next.landed.files, structural, batches);
  const joined = ascending ? await joins?.result() : null;
  const found = { matched, filteredBase, locate, recordNumber };
  if (joined) return report((await pool.session()).session, input, found, joined, folder);
  joins?.abandon();
  const relations = [
    ['next_records', recordsOf(next, input.next.reading)],
    ['next_malformed', relation],
    ['base_rows', await typedRows(pool.store, input.base!, input.columns, kept, folder)],
  ] as const;
  // A malformed record is no part of the order, and may be a version of any key.
  const isKeyOnce = ascending && (input.next.reading.newest === undefined || structural.size === 0);
  const objection = isKeyOnce ? undefined : keysAlsoMatched(pool, input, folder);
  return pool.inSchema((session) => compare(session, input, { ...found, next, files, relations }, folder, objection));
}

/** What is known already: the findings of a streaming diff, or streams to use instead of landing. */
export interface Seen {
  readonly walked?: Walked | Unsuitable;
  readonly streams?: Streams;
}

function walk(
  pool: DuckDbPool,
  input: EngineInput,
  streams: Streams,
  structural: DropsByPart,
  folder: string,
): Promise<Walked | Unsuitable> {
  const { files } = input.next.landed;
  const base = input.base!;
  const order = orderOf(input);
  const plan = {
    table: { ...input, base, reading: input.next.reading, head: files[0]! },
    engine: input.asked.engine,
    byLines: [...base.files, ...files].every((file) => file.lines),
    keyOrder: ascends(order, base.files) && ascends(order, files) ? order : undefined,
    isWellFormed: structural.size === 0,
  };
  return walkInBatches(pool, plan, streams, folder);
}

function orderOf({ next }: EngineInput): KeyOrder | undefined {
  return KeyOrder.of(next.landed.files[0]!.header, next.reading.columns, recordSyntaxOf(next.reading.format));
}

/**
 * The join cannot see that an unmatched and a matched record have the same key. Only a key that met no base row, or that occurs several
 * times, can be such a key; these are looked up in the whole base. Where records of one key are versions, so can that of a rejected one.
 */
function keysAlsoMatched(pool: DuckDbPool, input: EngineInput, folder: string): Objection {
  const keys = input.columns.flatMap((column, index) => (column.key ? [`c${index}`] : []));
  const same = (a: string, b: string) => keys.map((key) => `${a}.${key} = ${b}.${key}`).join(' AND ');
  const also = [
    'duplicate_rows',
    ...(input.next.reading.newest === undefined ? [] : [OLDER_ROWS, '(SELECT * FROM rejected WHERE readable) r']),
  ];
  return async (session) => {
    await session.run(`CREATE TABLE suspects AS SELECT DISTINCT ${keys.join(', ')} FROM (
      SELECT ${keys.map((key) => `n_${key} AS ${key}`).join(', ')} FROM changed WHERE in_base IS NULL
      ${also.map((relation) => `UNION ALL SELECT ${keys.join(', ')} FROM ${relation}`).join(' ')}) s
      WHERE NOT EXISTS (SELECT 1 FROM base_rows b WHERE ${same('b', 's')})`);
    if (Number((await session.run('SELECT count(*) AS n FROM suspects'))[0]!.n) === 0) return null;
    const whole = await snapshotRows(pool.store, input.base as SnapshotManifest, input.columns, folder);
    const hits = await session.run(
      `SELECT count(*) AS n FROM (${whole}) w WHERE EXISTS (SELECT 1 FROM suspects s WHERE ${same('s', 'w')})`,
    );
    const found = Number(hits[0]!.n);
    if (found === 0) return null;
    return new Unsuitable(`lockstep was disproved: ${found} keys occur in equal records and in others`);
  };
}

/** Locates in landing the rejects among the unmatched records, and malformed records, in the order of the files. */
async function* locateUnmatched(
  { next }: EngineInput,
  batches: readonly Batch[],
  structural: DropsByPart,
  malformed: ReadonlyMap<number, readonly MalformedRecord[]>,
  values: readonly ValueReject[],
): AsyncGenerator<LocatedReject> {
  const { recordEnd, header } = next.landed.files[0]!;
  const places = new LandingPlaces(next.landed.files, structural);
  const waiting = [...malformed.entries()].sort(([a], [b]) => a - b).flatMap(([, records]) => records);
  const byBatch = Map.groupBy(values, (value) => value.part);
  let passed = 0;
  for (const [index, { next: unmatched }] of batches.entries()) {
    const rejects = byBatch.get(index) ?? [];
    let nth = 0;
    for await (const { bytes, length } of locate(
      rejects.map((value) => value.ord),
      createReadStream(unmatched.path),
      recordSyntaxOf(next.reading.format),
      recordEnd,
      header.length,
    )) {
      const { ord, code, col, key, readable } = rejects[nth]!;
      nth += 1;
      const place = places.find(unmatched.offsetOf(ord));
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
