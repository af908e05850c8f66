import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Row } from '../../../lib/core/diff/row.ts';
import { firstMeaning, type Meaning, newestMeaning } from '../../../lib/core/expression/meaning.ts';
import { scalarOf } from '../../../lib/core/expression/scalar.ts';
import { type Column, columnsOf, type Feed, feedSchema, type Table } from '../../../lib/core/feed/spec.ts';
import { comparedColumns } from '../../../lib/core/run/applied-table.ts';
import type { DiffReceipt } from '../../../lib/core/run/diff-receipt.ts';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { postgresType } from '../../../lib/core/sql/dialects/postgres.ts';
import { LocalEngine } from '../../../lib/engines/engine.ts';
import { engines } from '../../../lib/engines/index.ts';
import type { SparkRunner } from '../../../lib/engines/spark/runner.ts';
import { formats } from '../../../lib/formats/index.ts';
import type { Engine } from '../../../lib/ports/engine.ts';
import type { Applied } from '../../../lib/ports/ledger/applied.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { StandingTable } from '../../../lib/ports/target.ts';
import { sources } from '../../../lib/sources/index.ts';
import { arrive } from '../../../lib/steps/arrive.ts';
import { readSnapshotManifest } from '../../../lib/steps/base/snapshot.ts';
import { diff } from '../../../lib/steps/diff.ts';
import { pull } from '../../../lib/steps/pull.ts';
import { folderStore } from '../../../lib/stores/folder/folder.ts';
import { inMemorySource } from '../in-memory/source.ts';
import { noLooks } from '../own-time.ts';
import { type Outcome, outcomeOf } from './diff-outcome.ts';
import { type Files, oracleNight, parentsOf } from './oracle-night.ts';
import { sparkHere } from './spark-here.ts';

export interface Night {
  readonly found: Outcome;
  readonly expected: Outcome;
  readonly receipt: DiffReceipt;
}

interface Settings {
  /** Where Spark runs, instead of here. */
  readonly spark?: (store: Store) => SparkRunner;
  /** The lake, instead of a folder. */
  readonly store?: Store;
  readonly windowBytes?: number;
  readonly roundBytes?: number;
  readonly partBytes?: number;
  /** How the delivery's bytes come; whole unless told. */
  readonly chunkBytes?: number;
  /** Production's state is known while the delivery lands, so that it can be compared at once. */
  readonly attends?: boolean;
}

/** Lands and compares one table night after night with a real engine, beside the oracle. */
export class EngineLab {
  readonly #folder: string;
  readonly #connection: DuckDBConnection;
  readonly #settings: Settings;
  readonly store: Store;
  readonly scratch: string;
  readonly engine: Engine & { close(): Promise<void> };
  #applied: Applied | null = null;
  #rows: Row[] = [];
  #columns: readonly Column[] = [];
  #rules: string | undefined;
  #night = 0;

  private constructor(folder: string, connection: DuckDBConnection, settings: Settings) {
    this.#settings = settings;
    this.#folder = folder;
    this.#connection = connection;
    this.scratch = join(folder, 'scratch');
    this.store = settings.store ?? folderStore(join(folder, 'lake'));
    this.engine = new LocalEngine({
      store: this.store,
      scratch: this.scratch,
      memory: '1GB',
      threads: 2,
      canStream: settings.attends ?? false,
      spark: settings.spark ?? sparkHere,
      ...(settings.windowBytes ? { windowBytes: settings.windowBytes } : {}),
      ...(settings.roundBytes ? { batchBytes: settings.roundBytes } : {}),
    });
  }

  static async open(settings: Settings = {}): Promise<EngineLab> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return new EngineLab(await mkdtemp(join(tmpdir(), 'engine-lab-')), connection, settings);
  }

  /** Forgets what production holds. */
  reset(): void {
    this.#applied = null;
    this.#rows = [];
    this.#rules = undefined;
  }

  /** The base as a version left it that counted no nulls. */
  async forgetNulls(): Promise<void> {
    const key = this.#applied!.tables.t!.snapshot;
    const { nulls: _nulls, ...manifest } = JSON.parse((await this.store.readText(key))!);
    await this.store.remove([key]);
    await this.store.create(key, JSON.stringify(manifest));
  }

  async night(
    table: Record<string, unknown>,
    bytes: string | Buffer | Files,
    engine: Feed['engine'] = 'duckdb',
    others: Readonly<Record<string, { table: Record<string, unknown>; bytes: string }>> = {},
    meaning: Meaning = newestMeaning,
  ): Promise<Night> {
    this.#night += 1;
    const written = feedSchema({ sources, formats, engines, notifiers: [] }).parse({
      feed: 'lab',
      engine,
      source: { folder: '.' },
      ready: { stable: '0s' },
      tables: {
        t: { files: 't.csv', ...table },
        ...Object.fromEntries(
          Object.entries(others).map(([name, other]) => [name, { files: `${name}.csv`, ...other.table }]),
        ),
      },
    });
    const feed = meaning === firstMeaning ? asFirst(written) : written;
    const columns = columnsOf(feed.tables.t!);
    const delivered: Files = typeof bytes === 'string' || Buffer.isBuffer(bytes) ? { 't.csv': bytes } : bytes;
    const expected = await oracleNight({
      feed,
      files: delivered,
      base: this.#production(columns),
      parents: await parentsOf(feed, others),
      formats,
      lastRules: this.#rules,
    });
    this.#rules = expected.rules;
    const run: RunId = { feed: 'lab', date: '2026-11-20', revision: this.#night };
    const request = { feed, date: run.date, folder: '.', owner: { host: '', pid: 0, started: '' } };
    const open = { request, run, fence: 1, attempt: 'a1' };
    const files = Object.entries(others).map(([name, other]) => [`${name}.csv`, other.bytes]);
    const ports = this.#ports({ ...delivered, ...Object.fromEntries(files) });
    const arrival = await arrive(open, ports);
    const landed = await pull(open, arrival, ports);
    const { receipt } = await diff(open, landed, this.#applied, ports);
    const table0 = receipt.tables.t!;
    const manifest = await readSnapshotManifest(ports, table0.snapshot);
    this.#applied = {
      run,
      delivery: receipt.delivery,
      tables: {
        t: {
          snapshot: table0.snapshot,
          fingerprint: manifest.fingerprint,
          schema: feed.target.schema,
          columns: comparedColumns(feed.tables.t!),
        },
      },
    };
    this.#rows = expected.rows;
    this.#columns = columns;
    const lake = { store: this.store, connection: this.#connection, scratch: this.#folder };
    return { found: await outcomeOf(table0, columns, lake), expected: expected.outcome, receipt };
  }

  async close(): Promise<void> {
    await this.engine.close();
    this.#connection.closeSync();
    await rm(this.#folder, { recursive: true });
  }

  /** Its rows; columns that it did not have before are null there. */
  #production(columns: readonly Column[]): Row[] {
    return this.#rows.map((row) =>
      columns.map((column) => row[this.#columns.findIndex(({ name }) => name === column.name)] ?? null),
    );
  }

  /** Tonight's columns, as a migration leaves them, and those that the feed declares no more. */
  #standing(name: string, table: Table): StandingTable {
    if (name !== 't') return { filled: false, columns: [], restart: null };
    const columns = columnsOf(table);
    const left = this.#columns.filter((column) => !columns.some((other) => other.name === column.name));
    const typed = [...columns, ...left].map((column) => ({ name: column.name, type: postgresType(column.type) }));
    return { filled: this.#rows.length > 0, columns: typed, restart: null };
  }

  #ports(files: Record<string, string | Buffer>): Ports {
    const nothing = async () => {};
    return {
      formats,
      store: this.store,
      engine: this.engine,
      ...(this.#settings.partBytes ? { partBytes: this.#settings.partBytes } : {}),
      target: {
        targetObjects: async () => [],
        inspect: async ({ tables }: Feed) => {
          const names = Object.keys(tables).map((name) => [name, this.#standing(name, tables[name]!)]);
          return Object.fromEntries(names);
        },
        liveRows: (_feed: Feed, _table: string, columns: readonly Column[]) =>
          liveRows(columns, this.#production(columns)),
      },
      ledger: { exists: async () => true, applied: async () => this.#applied, note: nothing },
      sightings: noLooks,
      elapsed: () => 0,
      openSource: async () => inMemorySource(files, this.#settings.chunkBytes),
      now: () => new Date('2026-11-20T12:00:00Z'),
      sleep: nothing,
      reach: nothing,
      begin: () => {},
      progress: () => {},
      say: () => {},
    } as unknown as Ports;
  }
}

/** As it was stored before expressions had versions. */
function asFirst(feed: Feed): Feed {
  const tables = Object.entries(feed.tables).map(([name, { meaning: _none, ...table }]) => [name, table]);
  return { ...feed, tables: Object.fromEntries(tables) };
}

/** As the target gives them: every value in quotes, null as nothing, and a constant that ends the line. */
function liveRows(columns: readonly Column[], rows: readonly Row[]): Readable {
  const field = (text: string | null) => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);
  const printed = (text: string | null, index: number) =>
    text !== null && /^(real|double)$/.test(columns[index]?.type ?? '')
      ? String(scalarOf(columns[index]!.type, text))
      : text;
  return Readable.from(rows.map((row) => `${[...row.map(printed), 'e'].map(field).join(',')}\n`));
}
