import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_ROWS } from '../../core/diff/samples.ts';
import type { Column } from '../../core/feed/spec.ts';
import { type ChangeKind, changeKinds, type SnapshotManifest } from '../../core/run/receipt.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { noBroken } from '../../core/sql/plans/broken-records.ts';
import type { EngineDiff, FileHead } from '../../ports/comparison.ts';
import { recordsOf, typedRows } from '../duckdb/inputs.ts';
import { type Joined, joinRows } from '../duckdb/join-rows.ts';
import type { PartFile } from '../duckdb/part-files.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import { addJoins } from './add-joins.ts';
import type { ResidualFile } from './residual-file.ts';
import type { Round } from './round.ts';

/** Small enough that a join of so much needs little memory, large enough that its statements do not count. */
const ROUND_BYTES = 8_000_000;
/** A round that need not wait may be smaller: then walk and joins go on side by side, and the last one is short. */
const SMALLEST_SHARE = 2;
/** Of all rounds before it, as the longer the walk, the less a short last one saves. */
const GROWTH = 8;

/** A second one finds nothing to do in so few rows, and whoever waits for it does so busily: the walk would lack that core. */
const ROUND_THREADS = 1;

export interface RoundTable {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly base: SnapshotManifest;
  readonly reading: SnapshotManifest['reading'];
  readonly head: FileHead;
}

/**
 * Joins what is left of each round while the walk goes on: the memory is that of one round, and the join costs hardly any
 * time of its own. That needs rows which no other round can concern.
 */
export class RoundJoins {
  readonly #bytes: number;
  readonly #bench: Workbench;
  readonly #table: RoundTable;
  readonly #folder: string;
  readonly #joins: Joined[] = [];
  #taken = 0;
  #takenBytes = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  /** Some round cannot be understood alone. */
  #isOver = false;

  private constructor(bench: Workbench, table: RoundTable, folder: string) {
    this.#bytes = bench.roundBytes ?? ROUND_BYTES;
    this.#bench = bench;
    this.#table = table;
    this.#folder = folder;
  }

  /** null where rows outside of the two streams count too: a round would not stand for itself. */
  static over(bench: Workbench, table: RoundTable, folder: string): RoundJoins | null {
    return table.base.carried === null ? new RoundJoins(bench, table, folder) : null;
  }

  /** Whether a rest of so many bytes is large enough to be joined. */
  isRound(bytes: number): boolean {
    const smallest = Math.max(this.#bytes / SMALLEST_SHARE, this.#takenBytes / GROWTH);
    return bytes >= this.#bytes || (this.#waiting === 0 && bytes >= smallest);
  }

  /** Nobody asks for the result any more. */
  abandon(): void {
    this.#isOver = true;
  }

  take(round: Round): void {
    const index = this.#taken;
    this.#taken += 1;
    this.#takenBytes += round.base.bytes + round.next.bytes;
    this.#waiting += 1;
    this.#last = this.#last
      .then(() => (this.#isOver ? undefined : this.#join(round, index)))
      .finally(() => {
        this.#waiting -= 1;
      });
    // Met when the result is asked for.
    this.#last.catch(() => {});
  }

  /** All rounds as one; null when their rows have to be joined together after all. */
  async result(): Promise<Joined<EngineDiff['files']> | null> {
    await this.#last;
    return this.#isOver ? null : addJoins(this.#bench, this.#table, this.#joins, this.#folder);
  }

  #sampled(kind: ChangeKind): number {
    return this.#joins.reduce((sum, { samples }) => sum + samples[kind].length, 0);
  }

  async #join(round: Round, index: number): Promise<void> {
    const { columns, base, reading } = this.#table;
    const folder = join(this.#folder, `round-${index}`);
    await mkdir(folder);
    const next = partFile(round.next, index, this.#table.head);
    const relations = [
      ['next_records', recordsOf(next, reading)],
      ['next_broken', noBroken(reading, duckdb)],
      [
        'base_rows',
        await typedRows(this.#bench.store, base, columns, partFile(round.base, index, this.#table.head), folder),
      ],
    ] as const;
    // Rounds are of sides that ascend strictly.
    const known = { isUnique: true, sampled: changeKinds.filter((kind) => this.#sampled(kind) >= SAMPLE_ROWS) };
    const joined = await this.#bench.inSchema(
      (session) => joinRows(session, this.#table, { next, relations, files: () => [] }, folder, undefined, known),
      ROUND_THREADS,
    );
    if (typeof joined === 'string') throw new Error(joined);
    // A reject without a key suspends deletes in all rounds.
    if (joined.values.some((reject) => !reject.readable)) this.#isOver = true;
    this.#joins.push(joined);
  }
}

/** The rest of a round as the plan reads it. */
export function partFile({ path, records }: ResidualFile, index: number, { header, recordEnd }: FileHead): PartFile[] {
  return records === 0 ? [] : [{ index, path, header, recordEnd, rows: records }];
}
