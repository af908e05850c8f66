import { rm } from 'node:fs/promises';
import { canonicalJson } from '../../core/feed/reading-spec.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { KeyOrder } from '../../core/records/scan/key-order.ts';
import type { LandedTable } from '../../core/run/pull-receipt.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import type { Arriving, FileHead, StreamingDiff } from '../../ports/comparison.ts';
import { ascends } from '../common/ascending.ts';
import type { Unsuitable } from '../common/unsuitable.ts';
import { readDrops } from '../duckdb/part-files.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import { ByteChannel } from './byte-channel.ts';
import { obstacleToFiles } from './obstacle.ts';
import { wellFormedBytes } from './stream.ts';
import { type Walked, walkInBatches } from './walk-sides.ts';

/** Bytes that may wait for the comparison before the transfer has to wait. */
const WAITING_BYTES = 8 << 20;

/**
 * Compares a delivery while it arrives. It assumes that all records are well-formed, and that they are lines if the base's are. When that
 * turns out wrong, or anything fails here, the diff step compares the landed parts as if there had been no streaming diff.
 */
export class LockstepStreamingDiff implements StreamingDiff {
  readonly #pool: DuckDbPool;
  readonly #input: Arriving;
  readonly #folder: string;
  readonly #bytes = new ByteChannel(WAITING_BYTES);
  #walk: Promise<Walked | Unsuitable> | undefined;
  #isInvalid = false;
  #landed: LandedTable | undefined;

  constructor(pool: DuckDbPool, input: Arriving, folder: string) {
    this.#pool = pool;
    this.#input = input;
    this.#folder = folder;
  }

  begin(head: FileHead): void {
    if (obstacleToFiles([...this.#input.base.files, head]) !== null) this.invalidate();
    if (this.#isInvalid || this.#walk !== undefined) return;
    this.#walk = this.#start(head);
    // The diff step gets the failure when it asks for the findings. If it never asks, the failure does not matter.
    this.#walk.catch(() => {});
  }

  async observe(bytes: Buffer, { lines }: { lines: boolean }): Promise<void> {
    if (!lines && this.#isByLines) this.invalidate();
    if (!this.#isInvalid) await this.#bytes.push(bytes);
  }

  invalidate(): void {
    this.#isInvalid = true;
    this.#bytes.end();
  }

  async end(landed: LandedTable): Promise<void> {
    this.#landed = landed;
    this.#bytes.end();
    // The diff step needs DuckDB next: its process starts while the last bytes are compared.
    await this.#pool.session();
    await this.#walk?.catch(() => this.invalidate());
  }

  async close(): Promise<void> {
    this.invalidate();
    // The walk ends by itself, and may write into the folder until it has.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  /** The findings, if the streaming diff compared exactly these bytes. */
  async findings(base: SnapshotManifest | null, landed: LandedTable): Promise<Walked | Unsuitable | undefined> {
    const isOurs = canonicalJson([base, landed]) === canonicalJson([this.#input.base, this.#landed ?? null]);
    return isOurs && !this.#isInvalid ? this.#walk : undefined;
  }

  async #start(head: FileHead): Promise<Walked | Unsuitable> {
    const { base, reading, asked } = this.#input;
    const order = KeyOrder.of(head.header, reading.columns, recordSyntaxOf(reading.format));
    const drops = await readDrops(this.#pool.store, base.drops?.key);
    const streams = { base: wellFormedBytes(this.#pool.store, base.files, drops), next: this.#bytes };
    const plan = {
      table: { ...this.#input, head },
      engine: asked.engine,
      byLines: this.#isByLines,
      keyOrder: ascends(order, base.files) ? order : undefined,
      // A malformed record invalidates the findings.
      isWellFormed: true,
    };
    return walkInBatches(this.#pool, plan, streams, this.#folder);
  }

  /** Records are taken to be lines, so a record with a line end inside invalidates the findings. */
  get #isByLines(): boolean {
    return this.#input.base.files.every((file) => file.lines);
  }
}
