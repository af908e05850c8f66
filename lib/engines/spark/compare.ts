import { createReadStream } from 'node:fs';
import type { Fingerprint } from '../../core/diff/fingerprint.ts';
import type { NullCounts } from '../../core/diff/null-counts.ts';
import type { RepeatCounts } from '../../core/diff/repeats.ts';
import { type Samples, sampleRow } from '../../core/diff/samples.ts';
import { NightfeedError } from '../../core/errors.ts';
import { referenceOf } from '../../core/feed/rules/rule.ts';
import { readLine } from '../../core/objects/object-kind.ts';
import { MAX_REJECTS } from '../../core/records/scan/scan.ts';
import { recordBytes } from '../../core/run/file-parts.ts';
import type { Structural } from '../../core/run/pull-receipt.ts';
import type { Dropped } from '../../core/run/snapshot-manifest.ts';
import { type SparkReference, sparkDiffPlan } from '../../core/sql/plans/spark/diff.ts';
import type { SparkPlan } from '../../core/sql/plans/spark/plan.ts';
import type { SparkResult } from '../../core/sql/plans/spark/result.ts';
import { type ValueReject, valueRejectLine } from '../../core/sql/plans/value-reject.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import type { Store } from '../../ports/store.ts';
import { linesOf } from '../common/lines.ts';
import { countsIn, fingerprintIn, nullCountsIn, repeatCountsIn, ruleViolations } from '../common/plan-answers.ts';
import { report } from '../duckdb/compare.ts';
import type { Comparison } from '../duckdb/comparison.ts';
import { malformedInput } from '../duckdb/inputs.ts';
import { hasOtherRules, type Joined, needsWhole } from '../duckdb/join-rows.ts';
import { readStructural, wholeParts } from '../duckdb/part-files.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import { locateInParts, recordNumberOf } from '../duckdb/rejects/locate-rejects.ts';
import { refuseTooMany } from '../duckdb/rejects/value-rejects.ts';
import { csvFiles } from './csv-files.ts';
import type { SparkRoom, SparkRunner } from './runner.ts';
import { snapshotFiles } from './snapshot-files.ts';

/** Spark runs the same plan as every engine. This process copies parts with dropped records before, and writes the reject report after. */
export async function compareOnSpark(
  pool: DuckDbPool,
  runner: SparkRunner,
  input: EngineInput,
  folder: string,
): Promise<Comparison<EngineDiff['files']>> {
  const { next } = input;
  const structural = await readStructural(pool.store, next.landed.rejects?.key);
  const { malformed, path } = await malformedInput(pool.store, input, structural, folder);
  const room = runner.room(folder, input.into);
  const plan = await planFor(pool, room, input, structural, path);
  const result = await room.run(plan, sizeOf(input));
  if (result.disagrees) throw new NightfeedError('ENGINE_DISAGREES', `${input.table}: ${result.disagrees}`);

  const { session } = await pool.session();
  const located = {
    matched: 0,
    filteredBase: null,
    locate: (values: readonly ValueReject[]) => locateInParts(pool.store, input, malformed, values),
    recordNumber: (place: Dropped) => recordNumberOf(pool.store, input, place),
  };
  return report<SparkFiles>(session, input, located, await joinedBy(pool, room, input, result), folder);
}

type SparkFiles = Pick<EngineDiff['files'], 'inserted' | 'updated' | 'gone' | 'carried'>;

async function joinedBy(
  pool: DuckDbPool,
  room: SparkRoom,
  input: EngineInput,
  result: SparkResult,
): Promise<Joined<SparkFiles>> {
  const numbers = result.queries.numbers![0]!;
  const rejected = Number(numbers.rejects);
  const counts = countsIn(numbers);
  refuseTooMany(input.table, { ...counts, rejected });
  return {
    ...counts,
    broken: ruleViolations(input.next.reading, result.queries.broken?.[0] ?? {}),
    before: fingerprintOf(result, 'before')!,
    after: fingerprintOf(result, 'after')!,
    whole: fingerprintOf(result, 'whole'),
    nulls: {
      before: nullsOf(input, result, 'before')!,
      after: nullsOf(input, result, 'after')!,
      whole: nullsOf(input, result, 'whole'),
    },
    samples: samplesOf(input, result),
    files: filesOf(room, result),
    rejected,
    values: await readRejects(pool, room, result),
    repeats: repeatsIn(result),
  };
}

async function planFor(
  { store }: DuckDbPool,
  room: SparkRoom,
  input: EngineInput,
  structural: Map<number, Structural[]>,
  malformed: string | null,
): Promise<SparkPlan> {
  const { columns, next, base } = input;
  const delivered = await csvFiles(store, next.landed.files, structural, next.reading, room, 'next');
  return sparkDiffPlan({
    columns,
    whole: needsWhole(input),
    judgeAll: hasOtherRules({ base, reading: next.reading }),
    next: { reading: next.reading, csv: delivered.csv },
    parts: delivered.parts,
    files: wholeParts(next.landed.files),
    malformed: malformed && (await room.keep('malformed.ndjson', createReadStream(malformed))),
    base: base && { ...(await snapshotFiles(store, room, base, 'base')), rows: base.fingerprint.rows },
    references: await referencesOf(store, room, input),
    bytes: sizeOf(input),
    maxRejects: MAX_REJECTS,
    into: room.into,
  });
}

async function referencesOf(store: Store, room: SparkRoom, { next, parents = {} }: EngineInput) {
  const references: SparkReference[] = [];
  for (const [rule, referring] of (next.reading.rules ?? []).entries()) {
    if (referring.kind !== 'references') continue;
    const { table, column } = referenceOf(referring);
    const { snapshot, columns } = parents[table]!;
    const files = await snapshotFiles(store, room, snapshot, `parent-${rule}`);
    references.push({ rule, snapshot: files, columns, column });
  }
  return references;
}

/** Bytes of both sides and of the tables that they reference. */
function sizeOf({ base, next, parents = {} }: EngineInput): number {
  const referenced = Object.values(parents).flatMap(({ snapshot }) => snapshot.files);
  return recordBytes([...(base?.files ?? []), ...next.landed.files, ...referenced]);
}

function fingerprintOf({ queries }: SparkResult, name: string): Fingerprint | null {
  const row = queries[name]?.[0];
  return row ? fingerprintIn(row) : null;
}

function nullsOf({ columns }: EngineInput, { queries }: SparkResult, name: string): NullCounts | null {
  const row = queries[`nulls_${name}`]?.[0];
  return row ? nullCountsIn(columns, row) : null;
}

function samplesOf({ columns, next }: EngineInput, { queries }: SparkResult): Omit<Samples, 'rejected'> {
  const take = (kind: 'inserted' | 'updated' | 'gone') =>
    (queries[kind] ?? []).map((row) => sampleRow(columns, kind, row));
  const nulls = Object.entries(queries).flatMap(([name, rows]) => {
    const index = Number(/^(?:to|from)_null_(\d+)$/.exec(name)?.[1] ?? -1);
    return index < 0 ? [] : [[columns[index]!.name, rows.map((row) => sampleRow(columns, 'updated', row, index))]];
  });
  const broken = (next.reading.rules ?? []).flatMap(({ name }, index) => {
    const rows = queries[`broken_b${index}`] ?? [];
    return rows.length === 0 ? [] : [[name, rows.map((row) => sampleRow(columns, 'inserted', row))]];
  });
  return {
    inserted: take('inserted'),
    updated: take('updated'),
    gone: take('gone'),
    nulls: Object.fromEntries(nulls),
    broken: Object.fromEntries(broken),
  };
}

async function readRejects({ store }: DuckDbPool, room: SparkRoom, { outputs }: SparkResult): Promise<ValueReject[]> {
  const values: ValueReject[] = [];
  for (const { file } of outputs.rejects ?? []) {
    const written = room.file(file);
    const bytes = 'key' in written ? store.read(written.key) : createReadStream(written.path);
    for await (const line of linesOf(bytes)) values.push(readLine(valueRejectLine, line, file));
  }
  return values;
}

function repeatsIn({ queries }: SparkResult): RepeatCounts | null {
  const { repeat_counts: counts, repeat_files: files = [], repeat_keys: keys = [] } = queries;
  return counts ? repeatCountsIn({ counts: counts[0]!, files, keys }) : null;
}

function filesOf(room: SparkRoom, { outputs }: SparkResult): SparkFiles {
  const files = (name: string) => (outputs[name] ?? []).map(({ file }) => room.file(file));
  const changes = ['inserted', 'updated', 'gone'].map((name) => [name, files(name)]);
  const [carried] = files('carried');
  return { ...Object.fromEntries(changes), ...(carried ? { carried } : {}) };
}
