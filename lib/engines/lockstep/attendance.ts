import { canonicalJson } from '../../core/feed/reading-spec.ts';
import { dialectOf } from '../../core/records/dialect.ts';
import { KeyOrder } from '../../core/records/key-order.ts';
import type { LandedTable, SnapshotManifest } from '../../core/run/receipt.ts';
import type { Arriving, Attendance, FileHead } from '../../ports/comparison.ts';
import { ascends } from '../common/ascending.ts';
import { readDrops } from '../duckdb/part-files.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import { ByteChannel } from './byte-channel.ts';
import { obstacleToFiles } from './obstacle.ts';
import { soundBytes } from './stream.ts';
import { type Walked, walkInRounds } from './walk-sides.ts';

/** Bytes that may wait for the walk before the transfer has to. */
const WAITING_BYTES = 8 << 20;

/**
 * The walk over a delivery that still arrives. It supposes sound records that are lines, if the base's are; what turns out
 * otherwise, and whatever fails here, only means that the diff walks over the landed parts as if nobody had attended.
 */
export class LockstepAttendance implements Attendance {
  readonly #bench: Workbench;
  readonly #input: Arriving;
  readonly #folder: string;
  readonly #bytes = new ByteChannel(WAITING_BYTES);
  #walk: Promise<Walked | string> | undefined;
  #isSpoiled = false;
  #landed: LandedTable | undefined;

  constructor(bench: Workbench, input: Arriving, folder: string) {
    this.#bench = bench;
    this.#input = input;
    this.#folder = folder;
  }

  begin(head: FileHead): void {
    if (obstacleToFiles([...this.#input.base.files, head]) !== null) this.spoil();
    if (this.#isSpoiled || this.#walk !== undefined) return;
    this.#walk = this.#start(head);
    // Looked at when the diff asks; the failure of a walk that nobody asks for is nobody's concern.
    this.#walk.catch(() => {});
  }

  async see(bytes: Buffer, { lines }: { lines: boolean }): Promise<void> {
    if (!lines && this.#isByLines) this.spoil();
    if (!this.#isSpoiled) await this.#bytes.push(bytes);
  }

  spoil(): void {
    this.#isSpoiled = true;
    this.#bytes.end();
  }

  async end(landed: LandedTable): Promise<void> {
    this.#landed = landed;
    this.#bytes.end();
    // The diff comes next: its process starts while the walk goes its last steps.
    await this.#bench.session();
    await this.#walk?.catch(() => this.spoil());
  }

  /** What the walk found, if it was over exactly these bytes. */
  async findings(base: SnapshotManifest | null, landed: LandedTable): Promise<Walked | string | undefined> {
    const isOurs = canonicalJson([base, landed]) === canonicalJson([this.#input.base, this.#landed ?? null]);
    return isOurs && !this.#isSpoiled ? this.#walk : undefined;
  }

  async #start(head: FileHead): Promise<Walked | string> {
    const { base, reading, engine } = this.#input;
    const order = KeyOrder.of(head.header, reading.columns, dialectOf(reading.format));
    const drops = await readDrops(this.#bench.store, base.drops?.key);
    const streams = { base: soundBytes(this.#bench.store, base.files, drops), next: this.#bytes };
    const plan = {
      table: { ...this.#input, head },
      engine,
      byLines: this.#isByLines,
      keyOrder: ascends(order, base.files) ? order : undefined,
      // What is broken spoils it.
      isSound: true,
    };
    return walkInRounds(this.#bench, plan, streams, this.#folder);
  }

  /** The walk takes lines for records, so a record with a line end inside spoils it. */
  get #isByLines(): boolean {
    return this.#input.base.files.every((file) => file.lines);
  }
}
