import { join } from 'node:path';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteLiteral } from '../../../core/feed/identifier.ts';
import { duckdb } from '../../../core/sql/dialect.ts';
import { type DiffPlan, diffPlan } from '../../../core/sql/diff-plan.ts';
import type { EngineDiff, EngineInput } from '../../../steps/engine-port.ts';
import { type Comparison, fingerprintOf, nullCountsOf } from './comparison.ts';
import type { Inputs } from './plan-inputs.ts';
import { writeRejects } from './rejects.ts';
import { takeSamples } from './samples.ts';
import type { DuckDbSession } from './session.ts';
import { loadSound } from './sound-load.ts';

/** Asked once the rows are joined; a text tells why these inputs cannot be trusted. */
export type Objection = (session: DuckDbSession) => Promise<string | null>;

/** Runs the diff plan. Resolves to a text when the objection holds. */
export async function compare(
  session: DuckDbSession,
  input: EngineInput,
  inputs: Inputs,
  scratch: string,
  object?: Objection,
): Promise<Comparison | string> {
  const plan = diffPlan(duckdb, { columns: input.columns, whole: needsWhole(input), first: input.base === null });
  for (const [name, select] of inputs.relations) await session.run(`CREATE VIEW ${name} AS ${select}`);
  const [views, tables] = partition(plan);
  for (const step of views) await create(session, step);
  const sound = input.base === null ? await loadSound(session, plan, input, inputs, scratch) : null;
  if (sound) return sound;
  for (const step of tables) await create(session, step);
  await checkReading(session, inputs);
  const objection = await object?.(session);
  if (objection) return objection;

  const numbers = (await session.run(plan.numbers))[0]!;
  const count = (name: string) => Number(numbers[name]) + (name === 'accepted' ? inputs.cancelled : 0);
  checkBase(input, count);
  const rejects = await writeRejects(session, input, inputs, plan.rejects, scratch);
  const nullsOf = (sql: string) => nullCountsOf(session, input, sql);
  const nulls = {
    before: await nullsOf(plan.nulls.before),
    after: await nullsOf(plan.nulls.after),
    whole: plan.nulls.whole ? await nullsOf(plan.nulls.whole) : null,
  };
  return {
    accepted: count('accepted'),
    rejected: rejects.counts,
    inserted: count('inserted'),
    updated: count('updated'),
    gone: count('gone'),
    carried: count('carried'),
    suspended: count('suspended'),
    before: await fingerprintOf(session, plan.fingerprints.before),
    after: await fingerprintOf(session, plan.fingerprints.after),
    whole: plan.fingerprints.whole ? await fingerprintOf(session, plan.fingerprints.whole) : null,
    nulls,
    samples: await takeSamples(session, input, plan, nulls, rejects.files.rejects),
    files: { ...(await writeOutputs(session, plan, count, scratch)), ...rejects.files },
  };
}

/** What a sound first load needs, and what all others need too. */
function partition({ steps, sound }: DiffPlan): [views: DiffPlan['steps'], rest: DiffPlan['steps']] {
  const isForAll = (step: DiffPlan['steps'][number]) => sound.views.includes(step.name);
  return [steps.filter(isForAll), steps.filter((step) => !isForAll(step))];
}

async function create(session: DuckDbSession, { kind, name, select }: DiffPlan['steps'][number]): Promise<void> {
  await session.run(`CREATE ${kind} ${name} AS ${select}`);
}

/**
 * Fingerprint and null counts cannot move on from the base's when they cover other columns than before, or an older version
 * left it without. From nothing they can.
 */
export function needsWhole({ base, columns }: Pick<EngineInput, 'base' | 'columns'>): boolean {
  if (base === null) return false;
  if (base.nulls === undefined) return true;
  const compared = columns.filter((column) => column.compare);
  const typeThen = (name: string) => base.reading.columns.find((column) => column.name === name)?.type;
  return (
    base.compared.join('\n') !== compared.map(({ name }) => name).join('\n') ||
    compared.some(({ name, type }) => typeThen(name) !== type)
  );
}

/** DuckDB must have seen exactly the records that our scan counted. */
async function checkReading(session: DuckDbSession, inputs: Inputs): Promise<void> {
  const rows = await session.run('SELECT part, count(*) AS found FROM next_rows GROUP BY part');
  const found = new Map(rows.map((row) => [Number(row.part), Number(row.found)]));
  for (const { index, rows: expected } of inputs.next) {
    if (found.get(index) === expected) continue;
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `part ${index}: the scan counted ${expected} records, DuckDB read ${found.get(index) ?? 0}`,
    );
  }
}

/** Every base row is unchanged, updated, gone or carried; more or fewer means that the base's keys were not unique or a row was lost. */
function checkBase({ base, table }: EngineInput, count: (name: string) => number): void {
  const explained = count('accepted') - count('inserted') + count('gone') + count('carried') + count('suspended');
  const expected = base?.fingerprint.rows ?? 0;
  if (explained === expected) return;
  throw new NightfeedError(
    'ENGINE_DISAGREES',
    `${table}: the base holds ${expected} rows, the comparison explains ${explained}`,
  );
}

async function writeOutputs(
  session: DuckDbSession,
  plan: DiffPlan,
  count: (name: string) => number,
  scratch: string,
): Promise<EngineDiff['files']> {
  const rows = {
    inserted: count('inserted'),
    updated: count('updated'),
    gone: count('gone'),
    carried: count('carried') + count('suspended'),
  };
  const files: Partial<Record<keyof typeof rows, string>> = {};
  for (const [name, select] of Object.entries(plan.outputs) as [keyof typeof rows, string][]) {
    if (rows[name] === 0) continue;
    const path = join(scratch, `${name}.parquet`);
    await session.run(`COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`);
    files[name] = path;
  }
  return files;
}
