import { createHash } from 'node:crypto';
import { access, link, mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Moves a finished, synced file to `path` on the same device, unless a file is there already. Atomic for every reader. */
export type Place = (file: string, path: string) => Promise<boolean>;

/** Errors of file systems without hard links (exFAT, some shares). EPERM also means a link to another user's file. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
/** A claim is held for one look and one rename. The owner of an older claim is dead. */
const STALE_CLAIM_MS = 10_000;
/** Another process may remove the folder that we just made, because it is still empty; so we try several times. */
const FOLDER_ATTEMPTS = 20;

/** Places a file durably, creating the folders above it. `claims` is a folder on the same device. */
export async function placeDurably(file: string, path: string, claims: string): Promise<boolean> {
  const folder = dirname(path);
  for (let attempt = 1; ; attempt++) {
    try {
      await makeFolder(folder);
      const created = await placeByAnyMeans(file, path, claims);
      // Synced also when another process was first: its object has to be as durable as ours before anybody relies on it.
      await syncFolder(folder);
      return created;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === FOLDER_ATTEMPTS) throw error;
    }
  }
}

export const placeByLink: Place = async (file, path) => {
  const created = await unlessExists(link(file, path));
  if (created) await unlink(file);
  return created;
};

/** For file systems without hard links. A rename would overwrite, so one process at a time may look and rename. */
export function placeByClaim(claims: string): Place {
  return async (file, path) => {
    const claim = claimOn(path, claims);
    while (!(await unlessExists(open(claim, 'wx').then((handle) => handle.close())))) {
      const age = await stat(claim).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > STALE_CLAIM_MS) await rm(claim, { force: true });
      else await sleep(5);
    }
    try {
      if (await exists(path)) return false;
      await rename(file, path);
      return true;
    } finally {
      await rm(claim, { force: true });
    }
  };
}

export function claimOn(path: string, claims: string): string {
  return join(claims, `${createHash('sha256').update(path).digest('hex')}.claim`);
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable. A folder is synced in the same way as a file. */
const syncFolder = syncFile;

async function placeByAnyMeans(file: string, path: string, claims: string): Promise<boolean> {
  try {
    return await placeByLink(file, path);
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error))) throw error;
    return await placeByClaim(claims)(file, path);
  }
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function unlessExists(creating: Promise<unknown>): Promise<boolean> {
  try {
    await creating;
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
