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
 * Folders of root's that another user writes into. Whatever lies there, that user may swap for a link at any moment; root
 * would follow it. So nothing in such a folder is opened or removed before the folder is taken back: then its names stand
 * still. It lies in a folder that is root's alone, so that it stands still itself.
 */
export async function lendNew(folder: string, { uid, gid }: Account): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, uid, gid);
}

/** Works with a folder that is lent for so long, and gone afterwards. */
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
  /** Where the copy is to lie. */
  readonly path: string;
  /** Folders, one in the other, that the files lie in. */
  readonly depth: number;
}

/**
 * Copies of what the borrower wrote: who has a file open goes on writing into it, whoever owns it by then. Throws when
 * there lies anything but these, or anything but plain files of the borrower.
 */
export async function keepCopies(folder: string, wanted: readonly Kept[], borrower: Account): Promise<void> {
  await takeBack(folder);
  const stray = (await readdir(folder)).find((found) => !wanted.some(({ name }) => name === found));
  if (stray !== undefined) throw refused(stray, 'nothing that it was to write');
  for (const { name, path, depth } of wanted) await copy(join(folder, name), name, path, depth, borrower);
}

/** Its folder was taken back. */
async function copy(from: string, name: string, to: string, depth: number, borrower: Account): Promise<void> {
  const found = await lstat(from).catch(() => undefined);
  if (depth === 0) {
    if (!found?.isFile()) throw refused(name, kindOf(found));
    // Hard links lead to files elsewhere as well.
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

/** As many as there were: who still writes could make it last for ever. */
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

/** Removes a folder that was lent, or holds such. However deep they are, a path never gets long: what lies deeper comes up. */
export async function removeLent(folder: string): Promise<void> {
  await takeBack(folder);
  // As bytes, since not every name is UTF-8.
  const list = (path: string | Buffer) => readdir(path, { withFileTypes: true, encoding: 'buffer' });
  const below = (path: string | Buffer, name: string | Buffer) =>
    Buffer.concat([Buffer.from(path), Buffer.from('/'), Buffer.from(name)]);
  for (let entries = await list(folder); entries.length > 0; entries = await list(folder))
    for (const entry of entries) {
      const path = below(folder, entry.name);
      if (!entry.isDirectory()) {
        await unlink(path);
        continue;
      }
      await takeBack(path);
      for (const { name } of await list(path)) await rename(below(path, name), below(folder, randomUUID()));
      await rmdir(path);
    }
  await rmdir(folder);
}

/** The owner first: who owns a folder can open it again. What it grants to named users, the mode takes away. */
async function takeBack(folder: string | Buffer): Promise<void> {
  await chown(folder, 0, 0);
  await chmod(folder, 0o700);
}
