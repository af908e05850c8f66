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
 * A file that one holds alone, or several hold together. The operating system keeps the lock, so that it ends with its
 * process, however that ends. SQLite takes it, because Node has no call for it; nothing is ever written into the file. A
 * process that opens the file in another way and closes it again frees its own locks on it.
 */
export class FileLock {
  /** A lock that nothing refers to would be freed with the object. */
  static readonly #held = new Set<FileLock>();
  readonly #file: DatabaseSync;

  constructor(path: string) {
    this.#file = new sqlite.DatabaseSync(path, { timeout: 0 });
    FileLock.#held.add(this);
  }

  /** False while anybody else holds it. */
  takeAlone(): boolean {
    try {
      this.#file.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
      throw error;
    }
  }

  /** Fails while somebody holds it alone. */
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

/** Node 22 warns on standard error that its SQLite may still change; in Node 24 it is what it was. */
function withoutWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
