import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A folder of root's that is lent to another user, who writes into it. That user may replace any file in it with a link at any moment, and
 * root would follow the link. So root opens or removes nothing in such a folder before it has taken the folder back: from then on the
 * user cannot change the names in it. The folder lies within one that is root's alone, so that the user cannot replace the folder itself.
 */
export async function lendNew(folder: string, { uid, gid }: Account): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, uid, gid);
}

/** Lends a new folder during `work`, and removes it afterwards. */
export async function inLentFolder<T>(
  parent: string,
  { uid, gid }: Account,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, 'lent-'));
  try {
    await chown(folder, uid, gid);
    return await work(folder);
  } finally {
    await removeLent(folder);
  }
}

interface Kept {
  readonly name: string;
  /** Where the copy goes. */
  readonly path: string;
  /** How many levels of folders lie above the files. */
  readonly depth: number;
}

/**
 * Copies the files that the borrower wrote. Copies, because a process that has a file open can write into it even after its owner changed.
 * Throws when the folder has anything but the wanted files, or anything but plain files of the borrower.
 */
export async function keepCopies(folder: string, wanted: readonly Kept[], borrower: Account): Promise<void> {
  await takeBack(folder);
  const stray = (await readdir(folder)).find((found) => !wanted.some(({ name }) => name === found));
  if (stray !== undefined) throw refused(stray, 'nothing that it was to write');
  for (const { name, path, depth } of wanted) await copy(join(folder, name), name, path, depth, borrower);
}

/** Copies one name of a folder that was taken back. */
async function copy(from: string, name: string, to: string, depth: number, borrower: Account): Promise<void> {
  const found = await lstat(from).catch(() => undefined);
  if (depth === 0) {
    if (!found?.isFile()) throw refused(name, kindOf(found));
    // A hard link may lead to a file elsewhere, too.
    if (found.uid !== borrower.uid || found.nlink !== 1) throw refused(name, 'a file from elsewhere');
    await copyBytes(from, found.size, to);
    await unlink(from);
    return;
  }
  if (!found?.isDirectory()) throw refused(name, kindOf(found));
  await takeBack(from);
  await mkdir(to);
  for (const below of await readdir(from)) await copy(join(from, below), below, join(to, below), depth - 1, borrower);
}

const CHUNK_BYTES = 1 << 20;

/** Copies as many bytes as the file had at first, because a process that still writes could prolong it for ever. */
async function copyBytes(from: string, size: number, to: string): Promise<void> {
  const bytes = createReadStream(from, { highWaterMark: CHUNK_BYTES, end: Math.max(size, 1) - 1 });
  try {
    await pipeline(bytes, createWriteStream(to, { flags: 'wx' }));
  } catch (error) {
    if (!NO_SPACE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new NightfeedError('ENGINE_EXHAUSTED', `no space left for a copy of what DuckDB wrote: ${to}`);
  }
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT']);

function kindOf(found: Stats | undefined): string {
  if (!found) return 'not there';
  if (found.isSymbolicLink()) return 'a link';
  return found.isDirectory() ? 'a folder' : 'no plain file';
}

function refused(name: string, kind: string): NightfeedError {
  return new NightfeedError('ENGINE_FAILED', `the engine's process is not to be trusted: ${excerpt(name)} is ${kind}`, {
    hint: 'Nothing of it was taken. Look at what the vendor sent; please report it in private (docs/security.md).',
  });
}

/** Removes a folder that was lent, or that contains lent folders. Deeper folders are moved up first, so that no path gets too long. */
export async function removeLent(folder: string): Promise<void> {
  await takeBack(folder);
  // Names as bytes, because not every name is UTF-8.
  const list = (path: string | Buffer) => readdir(path, { withFileTypes: true, encoding: 'buffer' });
  const below = (path: string | Buffer, name: string | Buffer) =>
    Buffer.concat([Buffer.from(path), Buffer.from('/'), Buffer.from(name)]);
  const removeEntry = async (path: Buffer, isFolder: boolean) => {
    if (!isFolder) return unlink(path);
    await takeBack(path);
    for (const { name } of await list(path)) await rename(below(path, name), below(folder, randomUUID()));
    await rmdir(path);
  };
  for (let entries = await list(folder); entries.length > 0; entries = await list(folder))
    for (const entry of entries) await removeEntry(below(folder, entry.name), entry.isDirectory()).catch(unlessGone);
  await rmdir(folder);
}

/** A step that still ends removes a folder of its own at the same time. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Changes the owner first, because an owner could change the mode again. The mode also cancels access lists for named users. */
async function takeBack(folder: string | Buffer): Promise<void> {
  await chown(folder, 0, 0);
  await chmod(folder, 0o700);
}
