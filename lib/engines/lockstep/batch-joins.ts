import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_ROWS } from '../../core/diff/samples.ts';
import type { Column } from '../../core/feed/spec.ts';
import { type ChangeKind, changeKinds } from '../../core/run/diff-receipt.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { noMalformed } from '../../core/sql/plans/malformed-records.ts';
import type { EngineDiff, FileHead } from '../../ports/comparison.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import { recordsOf, typedRows } from '../duckdb/inputs.ts';
import { type Joined, joinRows } from '../duckdb/join-rows.ts';
import type { PartFile } from '../duckdb/part-files.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import { addJoins } from './add-joins.ts';
import type { Batch } from './batch.ts';
import type { UnmatchedFile } from './unmatched-file.ts';

/** Bytes of a batch: few enough that its join needs little memory, and enough that the cost of its statements does not matter. */
const BATCH_BYTES = 8_000_000;
/** While no join is running, a batch may be smaller by this factor: then reading and joining overlap, and the last join is short. */
const SMALLEST_SHARE = 2;
/** The smallest batch grows with the sum of all batches before it, divided by this: the longer the diff, the less a short last join saves. */
const GROWTH = 8;

/** A second thread has nothing to do with so few rows, and DuckDB's main thread would spin while it waits for it, on the core that lockstep needs. */
const BATCH_THREADS = 1;

export interface BatchTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly base: SnapshotManifest;
  readonly reading: SnapshotManifest['reading'];
  readonly head: FileHead;
}

/**
 * Joins the unmatched records of each batch while lockstep reads on. So memory is that of one batch, and joining costs hardly any extra
 * time. It works when no batch has a key of another one.
 */
export class BatchJoins {
  readonly #bytes: number;
  readonly #pool: DuckDbPool;
  readonly #table: BatchTable;
  readonly #folder: string;
  readonly #joins: Joined[] = [];
  #taken = 0;
  #takenBytes = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  /** A batch turned out to depend on others, so that batches cannot be joined one by one. */
  #isOver = false;

  private constructor(pool: DuckDbPool, table: BatchTable, folder: string) {
    this.#bytes = pool.batchBytes ?? BATCH_BYTES;
    this.#pool = pool;
    this.#table = table;
    this.#folder = folder;
  }

  /** null where carried rows have to be compared too, because these belong to no batch. */
  static over(pool: DuckDbPool, table: BatchTable, folder: string): BatchJoins | null {
    return table.base.carried === null ? new BatchJoins(pool, table, folder) : null;
  }

  /** Whether there are enough bytes of unmatched records for a batch. */
  isBatch(bytes: number): boolean {
    const smallest = Math.max(this.#bytes / SMALLEST_SHARE, this.#takenBytes / GROWTH);
    return bytes >= this.#bytes || (this.#waiting === 0 && bytes >= smallest);
  }

  /** Stops, because nobody will ask for the result. */
  abandon(): void {
    this.#isOver = true;
  }

  take(batch: Batch): void {
    const index = this.#taken;
    this.#taken += 1;
    this.#takenBytes += batch.base.bytes + batch.next.bytes;
    this.#waiting += 1;
    this.#last = this.#last
      .then(() => (this.#isOver ? undefined : this.#join(batch, index)))
      .finally(() => {
        this.#waiting -= 1;
      });
    // The failure is thrown by `result`.
    this.#last.catch(() => {});
  }

  /** The sum of all batches; null when their records have to be joined together after all. */
  async result(): Promise<Joined<EngineDiff['files']> | null> {
    await this.#last;
    return this.#isOver ? null : addJoins(this.#pool, this.#table, this.#joins, this.#folder);
  }

  #sampled(kind: ChangeKind): number {
    return this.#joins.reduce((sum, { samples }) => sum + samples[kind].length, 0);
  }

  async #join(batch: Batch, index: number): Promise<void> {
    const { columns, base, reading } = this.#table;
    const folder = join(this.#folder, `batch-${index}`);
    await mkdir(folder);
    const next = partFile(batch.next, index, this.#table.head);
    const relations = [
      ['next_records', recordsOf(next, reading)],
      ['next_malformed', noMalformed(reading, duckdb)],
      [
        'base_rows',
        await typedRows(this.#pool.store, base, columns, partFile(batch.base, index, this.#table.head), folder),
      ],
    ] as const;
    // Both sides ascend strictly, so no key occurs twice.
    const known = { isUnique: true, sampled: changeKinds.filter((kind) => this.#sampled(kind) >= SAMPLE_ROWS) };
    const joined = await this.#pool.inSchema(
      (session) => joinRows(session, this.#table, { next, relations, files: () => [] }, folder, undefined, known),
      BATCH_THREADS,
    );
    if (joined instanceof Unsuitable) throw new Error(joined.reason);
    // A reject without a readable key suspends the deletes of all batches.
    if (joined.values.some((reject) => !reject.readable)) this.#isOver = true;
    this.#joins.push(joined);
  }
}

/** The records of a batch as the plan reads them. */
export function partFile({ path, records }: UnmatchedFile, index: number, { header, recordEnd }: FileHead): PartFile[] {
  return records === 0 ? [] : [{ index, path, header, recordEnd, rows: records }];
}
