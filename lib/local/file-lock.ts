import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** Runs `work` while no other process does so in the same folder. */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = new FileLock(join(folder, 'lock'));
  try {
    while (!lock.takeAlone()) await sleep(POLL_MS);
    return await work();
  } finally {
    lock.free();
  }
}

/**
 * A lock on a file that one process holds alone, or several hold together. The operating system keeps the lock and frees it when the process
 * ends, in whatever way. SQLite takes the lock, because Node has no call for it; nothing is written into the file. A process that opens
 * the file in another way and closes it again loses its own locks on it.
 */
export class FileLock {
  /** References to all held locks, because a lock is freed when its object is collected. */
  static readonly #held = new Set<FileLock>();
  readonly #file: DatabaseSync;

  constructor(path: string) {
    this.#file = new sqlite.DatabaseSync(path, { timeout: 0 });
    FileLock.#held.add(this);
  }

  /** Takes the lock alone; false while another process holds it. */
  takeAlone(): boolean {
    try {
      // SQLite prepares at once to write into an empty file. Its journal on the disk would outlive a process that is killed.
      this.#file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
      throw error;
    }
  }

  /** Takes the lock together with others; fails while a process holds it alone. */
  share(): void {
    this.#file.exec('BEGIN; SELECT 1 FROM sqlite_schema');
  }

  free(): void {
    FileLock.#held.delete(this);
    this.#file.close();
  }
}

const SQLITE_BUSY = 5;

const sqlite = withoutWarning(() => process.getBuiltinModule('node:sqlite'));

/** Suppresses the warning of Node 22 that its SQLite may change. In Node 24 it has not changed. */
function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
