import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, ownIdentity, parseIdentity } from './process-identity.ts';

const POLL_MS = 10;

/**
 * Runs `work` while no other process does so in the same folder; a killed holder is passed over at once.
 *
 * The lock is the file `lock.<n>` with the highest n: held while it names a living process, free when it is empty or its
 * process is dead. Taking it means creating `lock.<n+1>`, which one process alone can do. Nothing is ever taken away from
 * a holder, so there is no moment between "it is stale" and "I remove it" in which a fresh lock could be removed.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(folder);
  try {
    return await work();
  } finally {
    await truncate(mine);
  }
}

async function acquire(folder: string): Promise<string> {
  for (;;) {
    const newest = (await generations(folder))[0] ?? 0;
    if (!(await isFree(lockFile(folder, newest)))) {
      await sleep(POLL_MS);
      continue;
    }
    const mine = lockFile(folder, newest + 1);
    if (!(await create(folder, mine))) continue;
    const [highest, ...older] = await generations(folder);
    if (highest === newest + 1) {
      for (const n of older) await rm(lockFile(folder, n), { force: true });
      return mine;
    }
    // We looked long ago: others took and freed later ones meanwhile, and removed the one that would have stopped us.
    await rm(mine, { force: true });
  }
}

const lockFile = (folder: string, n: number) => join(folder, `lock.${n}`);

/** Descending. */
async function generations(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? Number.NaN))
    .filter((n) => !Number.isNaN(n))
    .sort((a, b) => b - a);
}

async function isFree(path: string): Promise<boolean> {
  const holder = parseIdentity(await readFile(path, 'utf8').catch(() => ''));
  return holder === undefined || !isAlive(holder);
}

/** By link, so that the file never lacks its content. */
async function create(folder: string, path: string): Promise<boolean> {
  const draft = join(folder, `draft-${randomUUID()}`);
  try {
    await writeFile(draft, JSON.stringify(ownIdentity()));
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
