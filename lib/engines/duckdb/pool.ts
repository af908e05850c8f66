import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../ports/store.ts';
import { type EngineUser, endProcessesOf, engineUser } from '../common/engine-user.ts';
import type { Account } from '../common/lent-folder.ts';
import { openScratch, removeScratch } from './scratch.ts';
import { DuckDbSession, PROGRAM, SPILL } from './session.ts';

export interface DuckDbPoolOptions {
  readonly store: Store;
  /** The scratch folder, which the pool empties. When memory is short it needs as much room as the data. */
  readonly scratch: string;
  readonly memory: string;
  readonly threads: number;
  /** The user of DuckDB where this process is root. Without it DuckDB gets a number that no account has. */
  readonly account?: Account | undefined;
  /** Receives notes for people. */
  readonly say?: (text: string) => void;
  /** How long the reader of a vendor's file may say nothing; tests make it short. */
  readonly patienceMs?: number;
  /** Bytes of each lockstep window; tests make it tiny. */
  readonly windowBytes?: number;
  /** Bytes of unmatched records that lockstep joins at a time; tests make it tiny. */
  readonly batchBytes?: number;
}

/** What one page of each column of a Parquet file takes; docs/bad-input.md names the most that pages may take. */
const READER_MEMORY = '640MB';

/** A damaged file could keep its reader busy without end. */
const READER_PATIENCE_MS = 600_000;

/** One DuckDB process and its scratch folder; it starts at the first use. */
export class DuckDbPool {
  readonly store: Store;
  readonly patienceMs: number;
  readonly windowBytes: number | undefined;
  readonly batchBytes: number | undefined;
  readonly #options: DuckDbPoolOptions;
  #session: DuckDbSession | undefined;
  #scratch: Promise<string> | undefined;
  #user: Promise<EngineUser | undefined> | undefined;
  /** Resolves when the present user of the schema is done. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  readonly #readers = new Set<DuckDbSession>();

  constructor(options: DuckDbPoolOptions) {
    this.store = options.store;
    this.patienceMs = options.patienceMs ?? READER_PATIENCE_MS;
    this.windowBytes = options.windowBytes;
    this.batchBytes = options.batchBytes;
    this.#options = options;
  }

  async session(): Promise<{ session: DuckDbSession; scratch: string }> {
    const { memory, threads } = this.#options;
    const { folder: lake } = this.store;
    const { own, user } = await this.#place();
    const folders = lake === undefined ? [own] : [own, lake];
    if (!this.#session?.alive) this.#session = new DuckDbSession({ memory, threads, folders, scratch: own, user });
    return { session: this.#session, scratch: own };
  }

  /** A process apart for files that are not ours, in this folder of the pool. It stays until somebody ends it or closes the pool. */
  async reader(folder: string): Promise<DuckDbSession> {
    const { own, user } = await this.#place();
    const settings = { memory: READER_MEMORY, threads: 1, folders: [folder], scratch: own, user, isForeign: true };
    const reader = new DuckDbSession(settings);
    this.#readers.add(reader);
    return reader;
  }

  /** Ends a reader at once. */
  endReader(reader: DuckDbSession): void {
    this.#readers.delete(reader);
    reader.kill();
  }

  /** A new folder that stays until somebody removes it or closes the pool. It starts no process. */
  async newFolder(): Promise<string> {
    return mkdtemp(join(await this.#open(this.#options.scratch), 'work-'));
  }

  /** Runs `work` with a new folder, and removes it afterwards. */
  async inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    await this.session();
    const folder = await this.newFolder();
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Runs `work` with a new schema, one caller at a time, and drops the schema afterwards. `threads` may lower the number of threads. */
  inSchema<T>(work: (session: DuckDbSession) => Promise<T>, threads = this.#options.threads): Promise<T> {
    const turn = this.#turn.then(() => this.#inSchema(work, threads));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #inSchema<T>(work: (session: DuckDbSession) => Promise<T>, threads: number): Promise<T> {
    const { session } = await this.session();
    try {
      await session.runAll(['CREATE SCHEMA work', 'USE work', `SET threads = ${threads}`]);
      return await work(session);
    } finally {
      if (session.alive)
        await session.runAll([
          `SET threads = ${this.#options.threads}`,
          'USE main',
          'DROP SCHEMA IF EXISTS work CASCADE',
        ]);
    }
  }

  /** Where a process works, and as whom. */
  async #place(): Promise<{ own: string; user: EngineUser | undefined }> {
    const own = await this.#open(this.#options.scratch);
    this.#user ??= this.#findUser(own);
    const user = await this.#user;
    // Otherwise lockstep, still at work for nobody, would start a process that nobody ends.
    if (this.#isClosed) throw new Error('the pool is closed');
    return { own, user };
  }

  #findUser(scratch: string): Promise<EngineUser | undefined> {
    const { account, say = () => {} } = this.#options;
    const { folder: lake } = this.store;
    const reads = [process.execPath, PROGRAM, scratch, ...(lake !== undefined && existsSync(lake) ? [lake] : [])];
    return engineUser({ account, reads, writes: join(scratch, SPILL), say });
  }

  async #open(scratch: string): Promise<string> {
    if (this.#isClosed) throw new Error('the pool is closed');
    this.#scratch ??= openScratch(scratch);
    return this.#scratch;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const reader of this.#readers) this.endReader(reader);
    await this.#session?.close();
    const user = await this.#user?.catch(() => undefined);
    if (user && !this.#options.account) await endProcessesOf(user);
    const scratch = await this.#scratch?.catch(() => undefined);
    if (scratch !== undefined) await removeScratch(scratch);
    this.#session = undefined;
    this.#scratch = undefined;
  }
}
