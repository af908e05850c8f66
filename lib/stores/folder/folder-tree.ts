import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TEMPORARY } from '../common/key.ts';

/** Longer than any run. The writer of an older unfinished file is dead. */
const STALE_MS = 24 * 3600 * 1000;

interface Entry {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
}

/** Objects whose key begins with `prefix`. An object that is removed meanwhile is left out. */
export async function walk(base: string, prefix: string): Promise<Entry[]> {
  const found: Entry[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await entriesOf(join(base, folder))) {
      const key = folder + entry.name;
      if (key === TEMPORARY) continue;
      if (entry.isDirectory()) {
        if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) await visit(`${key}/`);
      } else if (key.startsWith(prefix)) {
        const file = await stat(join(base, key)).catch(absent);
        if (file) found.push({ key, size: file.size, modified: file.mtime });
      }
    }
  };
  await visit(prefix.slice(0, prefix.lastIndexOf('/') + 1));
  return found;
}

/** Removes `folder` and those above it while they are empty; `base` stays. */
export async function removeEmptyFolders(folder: string, base: string): Promise<void> {
  for (let current = folder; current !== base; current = dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      return;
    }
  }
}

/** Removes unfinished files of killed writers. Never fails, because such a file only costs space. */
export async function sweep(temporary: string): Promise<void> {
  const remove = async (name: string) => {
    const path = join(temporary, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > STALE_MS) await rm(path, { force: true });
  };
  const names = await readdir(temporary).catch(() => []);
  await Promise.allSettled(names.map(remove));
}

async function entriesOf(folder: string) {
  return (await readdir(folder, { withFileTypes: true }).catch(absent)) ?? [];
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
