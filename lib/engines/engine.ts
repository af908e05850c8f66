import type { Readable } from 'node:stream';
import { NightfeedError } from '../core/errors.ts';
import type { Expression } from '../core/expression/expression.ts';
import { demandingEngine, type EngineChoice } from '../core/feed/descriptors/engine-descriptor.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { recordBytes } from '../core/run/file-parts.ts';
import type {
  Arriving,
  EngineDiff,
  EngineFile,
  EngineInput,
  Exported,
  ImportedRows,
  StreamingDiff,
} from '../ports/comparison.ts';
import type { Engine, KeptFile } from '../ports/engine.ts';
import type { EngineRelease, QuarantinedRecord, ReleaseInput } from '../ports/quarantine.ts';
import type { Store } from '../ports/store.ts';
import { Unsuitable } from './common/unsuitable.ts';
import { copyText } from './duckdb/copy-text.ts';
import { exportRows } from './duckdb/export-rows.ts';
import { importRows } from './duckdb/import-rows.ts';
import { keepLocally } from './duckdb/kept-file.ts';
import { DuckDbPool, type DuckDbPoolOptions } from './duckdb/pool.ts';
import { reportRecords } from './duckdb/rejects/report-records.ts';
import { releaseRows } from './duckdb/release/release.ts';
import type { EngineKind, SharedByEngines, TableEngine } from './engine-kind.ts';
import { engines } from './index.ts';
import type { SparkRunner } from './spark/runner.ts';

interface EngineOptions extends DuckDbPoolOptions {
  /** `false` when another process computes the diff, which could not use the findings. */
  readonly canStream?: boolean;
  /** Where plans run as Spark SQL. */
  readonly spark?: (store: Store) => SparkRunner;
}

const kinds: readonly EngineKind[] = engines;
/** The version of the plan that all engines run. */
const PLAN_VERSION = 'plan-5';

/** Compares with the engine that the feed demands, or with the first on the list that has no obstacle. The diff says which one, and why. */
export class LocalEngine implements Engine {
  readonly version = [...kinds.map(({ version }) => version), PLAN_VERSION].join('/');
  readonly canStream: boolean;
  readonly #pool: DuckDbPool;
  readonly #shared: SharedByEngines;
  /** Engines by name; each is opened at its first use. */
  readonly #opened = new Map<string, Promise<TableEngine>>();

  constructor({ canStream = true, spark, ...options }: EngineOptions) {
    this.#pool = new DuckDbPool(options);
    this.#shared = { pool: this.#pool, spark: spark?.(options.store) };
    this.canStream = canStream;
  }

  needsJob(asked: EngineChoice, bytes: number): boolean {
    return demandingEngine(asked, bytes, kinds)?.kind.job !== undefined;
  }

  async startStreamingDiff(arriving: Arriving): Promise<StreamingDiff | null> {
    // The size of the table is not known yet.
    if (demandingEngine(arriving.asked, 0, kinds)) return null;
    for (const kind of kinds) {
      const streaming = await (await this.#open(kind)).startStreamingDiff?.(arriving);
      if (streaming) return streaming;
    }
    return null;
  }

  diff<T>(input: EngineInput, use: (diff: EngineDiff) => Promise<T>): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      try {
        return await use(await this.#compare(input, folder));
      } finally {
        await input.observed?.close();
      }
    });
  }

  exportRows<T>(exported: Exported, use: (files: readonly EngineFile[]) => Promise<T>): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      const { files, fingerprint } = exported.snapshot;
      // Spark writes no file for an empty table, but readers need a file to know the columns.
      const demanding = fingerprint.rows > 0 ? demandingEngine(exported.asked, recordBytes(files), kinds) : undefined;
      const engine = demanding && (await this.#open(demanding.kind));
      return use((await engine?.exportRows?.(exported, folder)) ?? (await exportRows(this.#pool, exported, folder)));
    });
  }

  importRows<T>(
    rows: Readable,
    of: Parameters<Engine['importRows']>[1],
    use: (rows: ImportedRows) => Promise<T>,
  ): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      const { session } = await this.#pool.session();
      return use(await importRows(session, rows, of, folder));
    });
  }

  release<T>(input: ReleaseInput, use: (found: EngineRelease) => Promise<T>): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      const found = await this.#pool.inSchema((session) => releaseRows(session, this.#pool.store, input, folder));
      return use(found);
    });
  }

  rejects(report: string, code: string | null): AsyncIterable<QuarantinedRecord> {
    return reportRecords(this.#pool, report, code);
  }

  keepLocally(bytes: AsyncIterable<Buffer>, size: number): Promise<KeptFile> {
    return keepLocally(this.#pool, bytes, size);
  }

  copyText(
    parquet: readonly string[],
    table: Pick<Feed['tables'][string], 'columns' | 'key'>,
    only?: Expression,
  ): Readable {
    return copyText(this.#pool, parquet, columnsOf(table), only);
  }

  async close(): Promise<void> {
    for (const engine of this.#opened.values()) await (await engine).close?.();
    await this.#pool.close();
  }

  async #compare(input: EngineInput, folder: string): Promise<EngineDiff> {
    const demanding = demandingEngine(input.asked, input.next.landed.bytes, kinds);
    let reason = demanding?.reason ?? '';
    for (const kind of demanding ? [demanding.kind] : kinds) {
      const engine = await this.#open(kind);
      const obstacle = demanding ? null : engine.obstacleTo(input);
      const found = obstacle ?? (await engine.diff(input, folder, reason));
      if (!(found instanceof Unsuitable)) return found;
      reason = found.reason;
    }
    throw new NightfeedError('ENGINE_DISAGREES', `${input.table}: no engine compares it: ${reason}`);
  }

  #open(kind: EngineKind): Promise<TableEngine> {
    const opened = this.#opened.get(kind.name) ?? kind.open(this.#shared);
    this.#opened.set(kind.name, opened);
    return opened;
  }
}
