import { createReadStream } from 'node:fs';
import { NightfeedError } from '../../../core/errors.ts';
import { dialectOf } from '../../../core/records/dialect.ts';
import { KeyOrder } from '../../../core/records/key-order.ts';
import { locate } from '../../../core/records/record-stream.ts';
import type { SnapshotManifest, Structural } from '../../../core/run/receipt.ts';
import type { EngineDiff, EngineInput } from '../../../steps/engine-port.ts';
import { ascends } from '../ascending.ts';
import { compare } from '../duckdb/compare.ts';
import { brokenInput, recordsOf, snapshotRows, typedRows } from '../duckdb/inputs.ts';
import type { Objection } from '../duckdb/join-rows.ts';
import { type DropsByPart, type PartFile, readDrops } from '../duckdb/part-files.ts';
import type { Broken, Inputs, LocatedReject, ValueReject } from '../duckdb/plan-inputs.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import type { ResidualFile } from './residual-file.ts';
import { LandingPlaces, soundBytes, soundRecords } from './stream.ts';
import { type Streams, type Walked, walkSides } from './walk-sides.ts';

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
  const walked =
    seen?.walked ??
    (await walk(
      bench,
      input,
      seen?.streams ?? {
        base: soundBytes(bench.store, base.files, baseDrops),
        next: soundBytes(bench.store, landed.files, structural),
      },
      folder,
    ));
  if (typeof walked === 'string') return walked;

  const cancelled = soundRecords(landed.files, structural) - walked.next.records;
  const alsoCancelled = soundRecords(base.files, baseDrops) - walked.base.records;
  if (cancelled !== alsoCancelled) {
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `${input.table}: ${cancelled} records cancelled on one side, ${alsoCancelled} on the other`,
    );
  }
  const inputs = await residualInputs(bench, input, walked, structural, cancelled, folder);
  const objection = ascends(orderOf(input), landed.files) ? undefined : keysCancelled(bench, input, folder);
  const found = await bench.inSchema((session) => compare(session, input, inputs, folder, objection));
  if (typeof found === 'string') return found;
  const residual = Math.max(walked.base.records, walked.next.records);
  return {
    engine: 'lockstep',
    reason: `${cancelled} records are equal on both sides${seen?.walked ? ', as seen while they landed' : ''}; ${residual} were joined by key`,
    ...found,
  };
}

/** What need not be read from landing any more. */
export interface Seen {
  readonly walked?: Walked | string;
  readonly streams?: Streams;
}

function walk(bench: Workbench, input: EngineInput, streams: Streams, folder: string): Promise<Walked | string> {
  const { files } = input.next.landed;
  const base = input.base!.files;
  const order = orderOf(input);
  const plan = {
    dialect: dialectOf(input.next.reading.format),
    recordEnd: files[0]!.recordEnd,
    byLines: [...base, ...files].every((file) => file.lines),
    keyOrder: ascends(order, base) && ascends(order, files) ? order : undefined,
    toTheEnd: input.engine === 'lockstep',
    windowBytes: bench.windowBytes,
  };
  return walkSides(plan, streams, folder);
}

function orderOf({ columns, next }: EngineInput): KeyOrder | undefined {
  return KeyOrder.of(next.landed.files[0]!.header, columns, dialectOf(next.reading.format));
}

async function residualInputs(
  bench: Workbench,
  input: EngineInput,
  walked: Walked,
  structural: Map<number, Structural[]>,
  cancelled: number,
  folder: string,
): Promise<Inputs> {
  const { columns, next } = input;
  const base = input.base!;
  const { header, recordEnd } = next.landed.files[0]!;
  const partFile = ({ path, records }: ResidualFile): PartFile[] =>
    records === 0 ? [] : [{ index: 0, path, header, recordEnd, rows: records }];
  const { broken, relation } = await brokenInput(bench.store, input, structural, folder);
  return {
    next: partFile(walked.next),
    cancelled,
    locate: (values) => locateResiduals(input, walked.next, structural, broken, values),
    relations: [
      ['next_records', recordsOf(partFile(walked.next), next.reading)],
      ['next_broken', relation],
      ['base_rows', await typedRows(bench.store, base, columns, partFile(walked.base), folder)],
    ],
  };
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
  residual: ResidualFile,
  structural: DropsByPart,
  broken: ReadonlyMap<number, readonly Broken[]>,
  values: readonly ValueReject[],
): AsyncGenerator<LocatedReject> {
  const { recordEnd, header } = next.landed.files[0]!;
  const places = new LandingPlaces(next.landed.files, structural);
  const waiting = [...broken.entries()].sort(([a], [b]) => a - b).flatMap(([, records]) => records);
  let passed = 0;
  const indexes = values.map((value) => value.ord);
  let nth = 0;
  for await (const { bytes, length } of locate(
    indexes,
    createReadStream(residual.path),
    dialectOf(next.reading.format),
    recordEnd,
    header.length,
  )) {
    const { ord, code, col, key } = values[nth]!;
    nth += 1;
    const place = places.find(residual.offsetOf(ord));
    for (; passed < waiting.length && isBefore(waiting[passed]!, place); passed += 1)
      yield { ...waiting[passed]!, col: null, key: null };
    yield { ...place, length, code, col, key, bytes };
  }
  for (; passed < waiting.length; passed += 1) yield { ...waiting[passed]!, col: null, key: null };
}

function isBefore(a: { part: number; offset: number }, b: { part: number; offset: number }): boolean {
  return a.part < b.part || (a.part === b.part && a.offset < b.offset);
}
