import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Fingerprint } from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../../core/feed/identifier.ts';
import { type Column, columnsOf, type Feed } from '../../../core/feed/spec.ts';
import type { SnapshotManifest } from '../../../core/run/receipt.ts';
import { duckdb } from '../../../core/sql/dialect.ts';
import { type DiffPlan, diffPlan } from '../../../core/sql/diff-plan.ts';
import type { EngineDiff, EngineInput } from '../../../steps/engine-port.ts';
import type { Engine, Store } from '../../../steps/ports.ts';
import { copyText } from './copy-text.ts';
import { type Inputs, prepareInputs, snapshotRows } from './inputs.ts';
import { writeRejects } from './rejects.ts';
import { DuckDbSession } from './session.ts';

export interface DuckDbOptions {
  readonly store: Store;
  /** Where the lake lies, when it is a folder: DuckDB may read there. */
  readonly lake?: string;
  /** Emptied by us; needs room for about the size of the data when memory is short. */
  readonly scratch: string;
  readonly memory: string;
  readonly threads: number;
}

/** The typed full outer join, in a child process that starts at the first use and ends with `close`. */
export class DuckDbEngine implements Engine {
  readonly name = 'duckdb';
  readonly version = 'duckdb-1.5/plan-1';
  readonly #options: DuckDbOptions;
  #session: DuckDbSession | undefined;
  #scratch: string | undefined;

  constructor(options: DuckDbOptions) {
    this.#options = options;
  }

  diff<T>(input: EngineInput, use: (diff: EngineDiff) => Promise<T>): Promise<T> {
    return this.#atWork(async (session, scratch) => {
      const inputs = await prepareInputs(this.#options.store, input, scratch);
      return use(await this.#compare(session, input, inputs, scratch));
    });
  }

  exportRows<T>(snapshot: SnapshotManifest, columns: readonly Column[], use: (path: string) => Promise<T>): Promise<T> {
    return this.#atWork(async (session, scratch) => {
      const path = join(scratch, 'rows.parquet');
      const names = columns.map(({ name }, index) => `c${index} AS ${quoteIdentifier(name)}`).join(', ');
      const rows = await snapshotRows(this.#options.store, snapshot, columns, scratch);
      await session.run(`COPY (SELECT ${names} FROM (${rows})) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`);
      return use(path);
    });
  }

  copyText(parquet: string, columns: Feed['tables'][string]['columns']): Readable {
    const open = async () => ({ session: await this.#open(), path: await this.#options.store.localPath(parquet), scratch: this.#scratch! });
    return copyText(open, columnsOf({ columns } as Feed['tables'][string]));
  }

  async close(): Promise<void> {
    await this.#session?.close();
    if (this.#scratch) await rm(this.#scratch, { recursive: true, force: true });
    this.#session = undefined;
    this.#scratch = undefined;
  }

  async #open(): Promise<DuckDbSession> {
    if (this.#session?.alive) return this.#session;
    const { scratch, lake, memory, threads } = this.#options;
    await mkdir(scratch, { recursive: true });
    this.#scratch ??= await mkdtemp(join(scratch, 'duckdb-'));
    const folders = lake === undefined ? [this.#scratch] : [this.#scratch, lake];
    this.#session = new DuckDbSession({ memory, threads, folders, scratch: this.#scratch });
    return this.#session;
  }

  /** With a scratch folder and a schema of its own, both gone afterwards. */
  async #atWork<T>(work: (session: DuckDbSession, scratch: string) => Promise<T>): Promise<T> {
    const session = await this.#open();
    const scratch = await mkdtemp(join(this.#scratch!, 'work-'));
    try {
      await session.run('CREATE SCHEMA work');
      await session.run('USE work');
      return await work(session, scratch);
    } finally {
      if (session.alive) await session.run('USE main').then(() => session.run('DROP SCHEMA work CASCADE'));
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async #compare(session: DuckDbSession, input: EngineInput, inputs: Inputs, scratch: string): Promise<EngineDiff> {
    const whole = needsWhole(input);
    const plan = diffPlan(duckdb, { columns: input.columns, whole });
    for (const [name, select] of inputs.relations) await session.run(`CREATE VIEW ${name} AS ${select}`);
    for (const step of plan.steps) await session.run(`CREATE ${step.kind} ${step.name} AS ${step.select}`);
    await checkReading(session, inputs);

    const numbers = (await session.run(plan.numbers))[0]! as Record<string, unknown>;
    const count = (name: string) => Number(numbers[name]);
    const before = await fingerprintOf(session, plan.fingerprints.before);
    const after = await fingerprintOf(session, plan.fingerprints.after);
    checkBase(input, count);
    const rejects = await writeRejects(session, this.#options.store, input, inputs, plan.rejects, scratch);
    return {
      engine: this.name,
      reason: 'every row is read, typed and joined by key',
      accepted: count('accepted'),
      rejected: rejects.counts,
      inserted: count('inserted'),
      updated: count('updated'),
      gone: count('gone'),
      carried: count('carried'),
      suspended: count('suspended'),
      before,
      after,
      whole: plan.fingerprints.whole ? await fingerprintOf(session, plan.fingerprints.whole) : null,
      files: { ...(await writeOutputs(session, plan, count, scratch)), ...rejects.files },
    };
  }
}

/** The fingerprint cannot move on from the base's when it covers other columns than before. */
function needsWhole({ base, columns }: EngineInput): boolean {
  const compared = columns.filter((column) => column.compare);
  const typeThen = (name: string) => base?.reading.columns.find((column) => column.name === name)?.type;
  return (
    base === null ||
    base.compared.join('\n') !== compared.map(({ name }) => name).join('\n') ||
    compared.some(({ name, type }) => typeThen(name) !== type)
  );
}

async function fingerprintOf(session: DuckDbSession, sql: string): Promise<Fingerprint> {
  const row = (await session.run(sql))[0]! as { rows: string; hi: string; lo: string };
  return { rows: Number(row.rows), hi: row.hi, lo: row.lo };
}

/** DuckDB must have seen exactly the records that our scan counted. */
async function checkReading(session: DuckDbSession, inputs: Inputs): Promise<void> {
  const rows = await session.run('SELECT part, count(*) AS found FROM next_rows GROUP BY part');
  const found = new Map(rows.map((row) => [Number(row.part), Number(row.found)]));
  for (const { index, rows: expected } of inputs.next) {
    if (found.get(index) === expected) continue;
    throw new NightfeedError('ENGINE_DISAGREES', `part ${index}: the scan counted ${expected} records, DuckDB read ${found.get(index) ?? 0}`);
  }
}

/** Every base row is unchanged, updated, gone or carried; more or fewer means that the base's keys were not unique or a row was lost. */
function checkBase({ base, table }: EngineInput, count: (name: string) => number): void {
  const explained = count('accepted') - count('inserted') + count('gone') + count('carried') + count('suspended');
  const expected = base?.fingerprint.rows ?? 0;
  if (explained === expected) return;
  throw new NightfeedError('ENGINE_DISAGREES', `${table}: the base holds ${expected} rows, the comparison explains ${explained}`);
}

async function writeOutputs(session: DuckDbSession, plan: DiffPlan, count: (name: string) => number, scratch: string): Promise<EngineDiff['files']> {
  const rows = { ...{ inserted: count('inserted'), updated: count('updated'), gone: count('gone') }, carried: count('carried') + count('suspended') };
  const files: Partial<Record<keyof typeof rows, string>> = {};
  for (const [name, select] of Object.entries(plan.outputs) as [keyof typeof rows, string][]) {
    if (rows[name] === 0) continue;
    const path = join(scratch, `${name}.parquet`);
    await session.run(`COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`);
    files[name] = path;
  }
  return files;
}
