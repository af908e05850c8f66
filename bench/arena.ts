import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenToAll, serverUser } from '../lib/local/embedded-postgres/server-user.ts';
import { FileLock } from '../lib/local/file-lock.ts';
import { Cluster, endCluster } from './cluster.ts';
import { type Shape, type Truth, writeDump } from './dump.ts';
import { dates, feed } from './items.ts';
import { type Landing, land } from './landing.ts';

const PREFIX = 'nightfeed-bench-';
/** Older than any feed waits for a file to settle. */
const FILE_AGE_SECONDS = 3600;

export type Side = keyof typeof dates;

/** The folder, the dumps and the server that all contestants of one run share. What takes time is made when first asked for. */
export class Arena {
  readonly folder: string;
  readonly truth: Truth;
  readonly #processes = new Set<ChildProcess>();
  readonly #made = new Map<string, Promise<unknown>>();
  #cluster: Cluster | undefined;

  private constructor(folder: string, shape: Shape) {
    this.folder = folder;
    for (const side of ['base', 'next'] as const) mkdirSync(join(this.vendor, dates[side]), { recursive: true });
    writeDump(this.raw('base'), shape, 'base');
    this.truth = writeDump(this.raw('next'), shape, 'next');
    const modified = Date.now() / 1000 - FILE_AGE_SECONDS;
    for (const side of ['base', 'next'] as const) utimesSync(this.raw(side), modified, modified);
  }

  /** Below `parent`, which should be on a disk that PostgreSQL may be judged by. */
  static async open(parent: string | undefined, shape: Shape): Promise<Arena> {
    const place = parent ?? tmpdir();
    mkdirSync(place, { recursive: true });
    if ((await serverUser()) && !(await isOpenToAll(place))) {
      throw new Error(
        `PostgreSQL does not run as root and cannot enter ${place}: open it and the folders above it, or choose another`,
      );
    }
    await sweep(place);
    const folder = mkdtempSync(join(place, PREFIX));
    // PostgreSQL may run as another user and reads the dumps itself.
    chmodSync(folder, 0o755);
    new FileLock(join(folder, 'owner.lock')).share();
    return new Arena(folder, shape);
  }

  get vendor(): string {
    return join(this.folder, 'vendor');
  }

  get lake(): string {
    return join(this.folder, 'lake');
  }

  get scratch(): string {
    return join(this.folder, 'scratch');
  }

  get serverPid(): number | undefined {
    return this.#cluster?.pid;
  }

  get serverVersion(): string | undefined {
    return this.#cluster?.version;
  }

  raw(side: Side): string {
    return join(this.vendor, dates[side], 'items.csv');
  }

  rawBytes(side: Side): number {
    return statSync(this.raw(side)).size;
  }

  /** For those to whom the landed files are enough: the dumps take most of the disk. */
  removeRaw(): void {
    for (const side of ['base', 'next'] as const) rmSync(this.raw(side), { force: true });
  }

  landing(): Promise<Landing> {
    return this.once('landing', () => land(this));
  }

  async cluster(): Promise<Cluster> {
    return this.once('cluster', async () => {
      this.#cluster = await Cluster.start(this.folder);
      return this.#cluster;
    });
  }

  /** Made once, for whoever needs it. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made as Promise<T>;
  }

  /** Forgets what `once` made under this name. */
  forget(name: string): void {
    this.#made.delete(name);
  }

  /** Takes what one night made of its landed files out of the lake: the next finds its pull done, and nothing more. */
  clearNight(side: Side): void {
    const night = `${feed.feed}/${dates[side]}`;
    for (const made of [`changes/${night}`, `snapshots/${night}`, `receipts/${night}/diff`, 'current']) {
      rmSync(join(this.lake, made), { recursive: true, force: true });
    }
  }

  /** What is landed of a side leaves the lake; whoever needs it next has it landed again. */
  clearLanding(side: Side): void {
    for (const zone of ['landing', 'receipts'])
      rmSync(join(this.lake, zone, feed.feed, dates[side]), { recursive: true, force: true });
    this.forget('landing');
  }

  /** Ends with the arena. */
  guardProcess(child: ChildProcess): void {
    this.#processes.add(child);
    child.once('exit', () => this.#processes.delete(child));
  }

  async close(): Promise<void> {
    for (const child of this.#processes) child.kill('SIGKILL');
    await this.#cluster?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Ends the servers of runs that were killed, and removes their folders. */
async function sweep(parent: string): Promise<void> {
  for (const name of readdirSync(parent).filter((name) => name.startsWith(PREFIX))) {
    const folder = join(parent, name);
    if (!existsSync(join(folder, 'owner.lock'))) continue;
    const owner = new FileLock(join(folder, 'owner.lock'));
    if (owner.takeAlone()) {
      await endCluster(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
    owner.free();
  }
}
