import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_ROWS } from '../../core/diff/samples.ts';
import type { Column } from '../../core/feed/spec.ts';
import { type ChangeKind, changeKinds, type SnapshotManifest } from '../../core/run/receipt.ts';
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

/** Small enough that a join of so much needs little memory, large enough that its statements do not count. */
const BATCH_BYTES = 8_000_000;
/** A batch that need not wait may be smaller: then walk and joins go on side by side, and the last one is short. */
const SMALLEST_SHARE = 2;
/** Of all batches before it, as the longer the walk, the less a short last one saves. */
const GROWTH = 8;

/** A second one finds nothing to do in so few rows, and whoever waits for it does so busily: the walk would lack that core. */
const BATCH_THREADS = 1;

export interface BatchTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly base: SnapshotManifest;
  readonly reading: SnapshotManifest['reading'];
  readonly head: FileHead;
}

/**
 * Joins what is left of each batch while the walk goes on: the memory is that of one batch, and the join costs hardly any
 * time of its own. That needs rows which no other batch can concern.
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
  /** Some batch cannot be understood alone. */
  #isOver = false;

  private constructor(pool: DuckDbPool, table: BatchTable, folder: string) {
    this.#bytes = pool.batchBytes ?? BATCH_BYTES;
    this.#pool = pool;
    this.#table = table;
    this.#folder = folder;
  }

  /** null where rows outside of the two streams count too: a batch would not stand for itself. */
  static over(pool: DuckDbPool, table: BatchTable, folder: string): BatchJoins | null {
    return table.base.carried === null ? new BatchJoins(pool, table, folder) : null;
  }

  /** Whether so many bytes of unmatched records are enough to be joined. */
  isBatch(bytes: number): boolean {
    const smallest = Math.max(this.#bytes / SMALLEST_SHARE, this.#takenBytes / GROWTH);
    return bytes >= this.#bytes || (this.#waiting === 0 && bytes >= smallest);
  }

  /** Nobody asks for the result any more. */
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
    // Met when the result is asked for.
    this.#last.catch(() => {});
  }

  /** All batches as one; null when their rows have to be joined together after all. */
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
      ['next_broken', noMalformed(reading, duckdb)],
      [
        'base_rows',
        await typedRows(this.#pool.store, base, columns, partFile(batch.base, index, this.#table.head), folder),
      ],
    ] as const;
    // Batches are of sides that ascend strictly.
    const known = { isUnique: true, sampled: changeKinds.filter((kind) => this.#sampled(kind) >= SAMPLE_ROWS) };
    const joined = await this.#pool.inSchema(
      (session) => joinRows(session, this.#table, { next, relations, files: () => [] }, folder, undefined, known),
      BATCH_THREADS,
    );
    if (joined instanceof Unsuitable) throw new Error(joined.reason);
    // A reject without a key suspends deletes in all batches.
    if (joined.values.some((reject) => !reject.readable)) this.#isOver = true;
    this.#joins.push(joined);
  }
}

/** The records of a batch as the plan reads them. */
export function partFile({ path, records }: UnmatchedFile, index: number, { header, recordEnd }: FileHead): PartFile[] {
  return records === 0 ? [] : [{ index, path, header, recordEnd, rows: records }];
}
