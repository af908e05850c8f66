import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import postgres from 'postgres';
import { columnsOf, type Feed } from '../../../lib/core/feed/spec.ts';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import type { DiffReceipt } from '../../../lib/core/run/diff-receipt.ts';
import type { FailPoint } from '../../../lib/core/run/fail-point.ts';
import { type RunId, runName } from '../../../lib/core/run/keys.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { LocalEngine } from '../../../lib/engines/engine.ts';
import { formats } from '../../../lib/formats/index.ts';
import type { ShownTable } from '../../../lib/ports/catalog.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Restart } from '../../../lib/ports/target.ts';
import { sources } from '../../../lib/sources/index.ts';
import { openSource } from '../../../lib/sources/open.ts';
import { folderStore } from '../../../lib/stores/folder/folder.ts';
import { postgresTarget } from '../../../lib/target/postgres/postgres-target.ts';
import { approveRun } from '../../../lib/workflows/decide.ts';
import { night } from '../../../lib/workflows/night.ts';
import { type ReleaseResult, release } from '../../../lib/workflows/release/release.ts';
import { outcomeOf } from '../engines/diff-outcome.ts';
import { sparkHere } from '../engines/spark-here.ts';
import { noLooks, ownTime } from '../own-time.ts';
import { parseFeed } from '../parse-feed.ts';
import { type FreshDatabase, freshDatabase } from '../postgres/postgres.ts';
import { IntakeFeed } from './intake-feed.ts';
import type { Files, Found, IntakeNight, NamedFile, Sizes } from './intake-night.ts';
import { notesOf, receiptsOf, rejectsOf } from './run-objects.ts';

const owner = { host: 'test', pid: 1, started: '1' };

/** Small feeds of one table, their nights run by the real steps: folder source, landing, engines, PostgreSQL. One of each for all. */
export class IntakeLab {
  readonly #folder: string;
  readonly #database: FreshDatabase;
  readonly #duckdb: DuckDBConnection;
  readonly #postgres: ReturnType<typeof postgresTarget>;
  readonly #engine: LocalEngine;
  readonly sql: postgres.Sql;
  readonly lake: string;
  /** What the nights told a person, oldest first. */
  readonly said: string[] = [];
  /** How the nights ended, oldest first. */
  readonly results: NightResult[] = [];
  /** What a catalog was told to show, oldest first. */
  readonly shown: ShownTable[] = [];
  /** Told of each place that a night reaches. */
  reached: (point: FailPoint) => unknown = () => {};
  readonly ports: Omit<Ports, 'openSource'>;
  #feeds = 0;

  private constructor(folder: string, database: FreshDatabase, duckdb: DuckDBConnection) {
    const lake = join(folder, 'lake');
    const store = folderStore(lake);
    this.#folder = folder;
    this.lake = lake;
    this.#database = database;
    this.#duckdb = duckdb;
    this.#postgres = postgresTarget(database.url, { isDead: () => false, reach: async () => {} });
    const scratch = join(folder, 'scratch');
    this.#engine = new LocalEngine({ store, scratch, memory: '1GB', threads: 1, spark: sparkHere });
    this.sql = postgres(database.url, { max: 1, onnotice: () => {}, fetch_types: false });
    this.ports = {
      formats,
      store,
      engine: this.#engine,
      ledger: this.#postgres.ledger,
      target: this.#postgres.target,
      channels: async () => [],
      catalog: { show: async (table) => void this.shown.push(table) },
      sightings: noLooks,
      ...ownTime(),
      reach: async (point) => void (await this.reached(point)),
      begin: () => {},
      progress: () => {},
      say: (text) => this.said.push(text),
    };
  }

  static async open(): Promise<IntakeLab> {
    const duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await duckdb.run(`SET TimeZone = 'UTC'`);
    return new IntakeLab(mkdtempSync(join(tmpdir(), 'intake-lab-')), await freshDatabase(), duckdb);
  }

  /** A feed whose first night published these files. */
  async feed(table: Record<string, unknown>, files: Files, more: Record<string, unknown> = {}): Promise<IntakeFeed> {
    this.#feeds += 1;
    const name = `f${this.#feeds}`;
    const feed = parseFeed(feedText(name, table, more), 'feed.yaml');
    await this.#postgres.target.migrate(feed);
    const opened = new IntakeFeed(this, feed);
    const first = await opened.night(files);
    if (first.state !== 'published') throw new Error(`the first night: ${JSON.stringify(first)}`);
    return opened;
  }

  /** The feed with another table, which production is brought to. */
  async change({ feed: name }: Feed, table: Record<string, unknown>, more = {}, restart?: Restart): Promise<Feed> {
    const feed = parseFeed(feedText(name, table, more), 'feed.yaml');
    await this.#postgres.target.migrate(feed, restart);
    return feed;
  }

  /** Quarantined rows of that date's night, read again. */
  async release(feed: Feed, date: string): Promise<ReleaseResult> {
    const order = { feed, folder: this.#folder, owner, run: { feed: feed.feed, date, revision: 1 } };
    return release({ ...order, table: null, code: null }, this.ports);
  }

  async night(feed: Feed, date: string, files: readonly NamedFile[], sizes: Sizes): Promise<IntakeNight> {
    this.#deliver(join(this.#folder, feed.feed, date), files, sizes);
    return this.#run(feed, date);
  }

  /** Goes on with the held night of that date. */
  async approve(feed: Feed, date: string): Promise<IntakeNight> {
    const run = { feed: feed.feed, date, revision: 1 };
    await approveRun(runName(run), { by: 'ada', reason: 'test' }, this.ports);
    return this.#run(feed, date, { resumes: run });
  }

  /** That date once more, with what lies there. */
  again(feed: Feed, date: string): Promise<IntakeNight> {
    return this.#run(feed, date);
  }

  async #run(feed: Feed, date: string, more: { resumes?: RunId } = {}): Promise<IntakeNight> {
    const ports: Ports = {
      ...this.ports,
      openSource: async (of, day) =>
        openSource(of, sources, {
          date: day,
          folder: this.#folder,
          own: join(this.#folder, 'looks'),
          secret: async () => '',
        }),
    };
    const result = await night({ feed, date, folder: this.#folder, owner, ...more }, ports);
    this.results.push(result);
    const { state, error, holds, warnings, run, tables } = result;
    const found = await this.sql<{ code: string; rows: number }[]>`
      SELECT code, rows::integer FROM nightfeed.quarantine WHERE feed = ${feed.feed} AND date = ${date} ORDER BY code`;
    return {
      state,
      error,
      holds: holds.map(({ guard }) => guard),
      warnings: warnings.map((warning) => `${warning.guard}: ${explainHold(warning)}`),
      engine: tables.t?.engine,
      rejected: Object.fromEntries(found.map(({ code, rows }) => [code, rows])),
      rejects: run ? await rejectsOf(run, this.#lakeReader) : [],
      notes: tables.t ? [...(tables.t.notes ?? [])] : run ? await notesOf(run, this.ports.store) : [],
      suspended: tables.t?.suspended ?? 0,
      updated: tables.t?.updated ?? 0,
    };
  }

  /** Whether production is what the ledger says. */
  async isProved(feed: Feed): Promise<boolean> {
    const audits = await this.#postgres.target.audit(feed.feed);
    return audits.every(({ expected, found }) => isDeepStrictEqual(expected, found));
  }

  /** What the diff of that date's night found. */
  async found(feed: Feed, date: string): Promise<Found> {
    const run = { feed: feed.feed, date, revision: 1 };
    const [receipt] = await receiptsOf<DiffReceipt>(run, 'diff', this.ports.store);
    const lake = this.#lakeReader;
    const outcome = await outcomeOf(receipt!.tables.t!, columnsOf(feed.tables.t!), lake);
    return { ...outcome, rejects: await rejectsOf(run, lake) };
  }

  get #lakeReader() {
    return { store: this.ports.store, connection: this.#duckdb, scratch: this.#folder };
  }

  async close(): Promise<void> {
    this.#duckdb.closeSync();
    await this.#engine.close();
    await this.#postgres.close();
    await this.sql.end();
    await this.#database.drop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #deliver(folder: string, files: readonly NamedFile[], sizes: Sizes): void {
    mkdirSync(folder, { recursive: true });
    const settled = new Date(Date.now() - 600_000);
    for (const [name, bytes] of files) {
      const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);
      writeFileSync(path, bytes);
      if (sizes[String(name)] !== undefined) truncateSync(path, sizes[String(name)]);
      utimesSync(path, settled, settled);
    }
  }
}

function feedText(name: string, table: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    feed: name,
    source: { folder: `${name}/{date}` },
    target: { schema: name },
    tables: { t: table },
    ...more,
  });
}
