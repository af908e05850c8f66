import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { NightfeedError } from '../core/errors.ts';
import type { Expression } from '../core/expression/expression.ts';
import { reasonForSpark } from '../core/feed/spark-choice.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
import { recordBytes } from '../core/run/receipt.ts';
import type {
  Arriving,
  EngineDiff,
  EngineFile,
  EngineInput,
  Exported,
  ImportedRows,
  StreamingDiff,
} from '../ports/comparison.ts';
import type { Engine } from '../ports/engine.ts';
import type { EngineRelease, QuarantinedRecord, ReleaseInput } from '../ports/quarantine.ts';
import type { Store } from '../ports/store.ts';
import { Unsuitable } from './common/unsuitable.ts';
import { compare } from './duckdb/compare.ts';
import { copyText } from './duckdb/copy-text.ts';
import { exportRows } from './duckdb/export-rows.ts';
import { importRows } from './duckdb/import-rows.ts';
import { prepareInputs } from './duckdb/inputs.ts';
import { DuckDbPool, type DuckDbPoolOptions } from './duckdb/pool.ts';
import { releaseRows } from './duckdb/release/release.ts';
import { reportRecords } from './duckdb/report-records.ts';
import { compareInLockstep } from './lockstep/compare.ts';
import { obstacleTo, obstacleToReading } from './lockstep/obstacle.ts';
import { LockstepStreamingDiff } from './lockstep/streaming-diff.ts';
import { compareOnSpark } from './spark/compare.ts';
import { exportOnSpark } from './spark/export-rows.ts';
import type { SparkRunner } from './spark/runner.ts';

/** A walk beside a landing, and where its findings lie. */
interface Streaming {
  readonly diff: LockstepStreamingDiff;
  readonly folder: string;
}

interface EngineOptions extends DuckDbPoolOptions {
  /** `false` where another process will compute the diff. */
  readonly canStream?: boolean;
  /** Where plans run as Spark SQL. */
  readonly spark?: (store: Store) => SparkRunner;
}

/** Lockstep where it is exact and cheaper, DuckDB's full join everywhere else, Spark when asked; the diff says which and why. */
export class LocalEngine implements Engine {
  readonly version = 'lockstep-1/duckdb-1.5/spark-4.1/plan-5';
  readonly canStream: boolean;
  readonly #pool: DuckDbPool;
  readonly #spark: SparkRunner | undefined;
  readonly #streaming = new Map<string, Streaming>();

  constructor({ canStream = true, spark, ...options }: EngineOptions) {
    this.#pool = new DuckDbPool(options);
    this.#spark = spark?.(options.store);
    this.canStream = canStream;
  }

  async startStreamingDiff(arriving: Arriving): Promise<StreamingDiff | null> {
    if (arriving.engine === 'duckdb' || arriving.engine === 'spark' || obstacleToReading(arriving) !== null)
      return null;
    await this.#forget(arriving.table);
    const folder = await this.#pool.newFolder();
    const streaming = new LockstepStreamingDiff(this.#pool, arriving, folder);
    this.#streaming.set(arriving.table, { diff: streaming, folder });
    return streaming;
  }

  diff<T>(input: EngineInput, use: (diff: EngineDiff) => Promise<T>): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      const why = reasonForSpark(input, input.next.landed.bytes);
      if (why !== null) return use(await this.#distribute(input, folder, why));
      const obstacle = input.engine === 'duckdb' ? 'the feed asks for it' : obstacleTo(input);
      if (obstacle !== null) return use(await this.#join(input, folder, obstacle));
      const walked = await this.#streaming.get(input.table)?.diff.findings(input.base, input.next.landed);
      try {
        const found = await compareInLockstep(this.#pool, input, folder, walked === undefined ? {} : { walked });
        return await use(found instanceof Unsuitable ? await this.#join(input, folder, found.reason) : found);
      } finally {
        await this.#forget(input.table);
      }
    });
  }

  exportRows<T>(exported: Exported, use: (files: readonly EngineFile[]) => Promise<T>): Promise<T> {
    return this.#pool.inFolder(async (folder) => {
      const { files, fingerprint } = exported.snapshot;
      // Spark writes no file for no rows, and a reader needs one to know the columns.
      const isSmall = fingerprint.rows === 0 || reasonForSpark(exported, recordBytes(files)) === null;
      return use(
        isSmall
          ? await exportRows(this.#pool, exported, folder)
          : await exportOnSpark(this.#pool, this.#sparkRunner(), exported, folder),
      );
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

  copyText(parquet: readonly string[], columns: Feed['tables'][string]['columns'], only?: Expression): Readable {
    return copyText(this.#pool, parquet, columnsOf({ columns }), only);
  }

  async close(): Promise<void> {
    for (const table of [...this.#streaming.keys()]) await this.#forget(table);
    await this.#spark?.close();
    await this.#pool.close();
  }

  async #forget(table: string): Promise<void> {
    const streaming = this.#streaming.get(table);
    if (!streaming) return;
    streaming.diff.invalidate();
    this.#streaming.delete(table);
    await rm(streaming.folder, { recursive: true, force: true });
  }

  async #distribute(input: EngineInput, folder: string, reason: string): Promise<EngineDiff> {
    return { engine: 'spark', reason, ...(await compareOnSpark(this.#pool, this.#sparkRunner(), input, folder)) };
  }

  #sparkRunner(): SparkRunner {
    if (!this.#spark) throw new NightfeedError('ENGINE_MISSING', 'there is no Spark for this process');
    return this.#spark;
  }

  async #join(input: EngineInput, folder: string, reason: string): Promise<EngineDiff> {
    const inputs = await prepareInputs(this.#pool.store, input, folder);
    const found = await this.#pool.inSchema((session) => compare(session, input, inputs, folder));
    if (found instanceof Unsuitable) throw new NightfeedError('ENGINE_DISAGREES', found.reason);
    return { engine: 'duckdb', reason, ...found };
  }
}
