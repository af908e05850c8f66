import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { NightfeedError } from '../../core/errors.ts';
import type { Around } from '../../core/run/near-miss.ts';
import type { SourceFile } from '../../core/run/source-file.ts';
import type { Source } from '../../steps/ports.ts';
import { checkFileName, isFileName } from './file-name.ts';
import { folderClock } from './folder-clock.ts';

interface FolderOptions {
  /** A folder of our own on the same file system: with it the source tells that file system's time. */
  readonly own?: string | undefined;
  /** A link that leads out of this folder is no file: whoever may write into the folder must not choose what is read here. */
  readonly root?: string;
  readonly links?: 'follow' | 'ignore' | undefined;
}

/** A local folder that the vendor, or somebody's copy job, writes into. A missing folder is an empty one. */
export function folderSource(folder: string, { own, root = folder, links }: FolderOptions = {}): Source {
  const place: Place = { folder, root, follows: links !== 'ignore' };
  return {
    clock: async () => (own === undefined ? null : folderClock(folder, own)),
    place: folder,
    around: () => aroundFolder(folder),
    list: () => listFiles(place),
    async stat(name) {
      checkFileName(name);
      const file = await statFile(place, name);
      if (file === null) throw notRegular(join(folder, name));
      return file;
    },
    read: (name, from = 0) => Readable.from(bytesOf(place, name, from), { objectMode: false }),
    close: async () => {},
    notes: [],
  };
}

async function aroundFolder(folder: string): Promise<Around> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return {
      exists: true,
      entries: entries.map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other',
      })),
    };
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { exists: false, entries: [] };
    throw folderFailure(thrown, folder);
  }
}

interface Place {
  readonly folder: string;
  readonly root: string;
  readonly follows: boolean;
}

async function listFiles(place: Place): Promise<SourceFile[]> {
  const { folder } = place;
  const names = await readdir(folder).catch((thrown) => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw folderFailure(thrown, folder);
  });
  const files: SourceFile[] = [];
  for (const name of names.filter(isFileName).sort()) {
    // What vanishes between the listing and here was never complete: a temporary file that got its final name.
    const file = await statFile(place, name).catch((failure) => {
      if (failure.name === 'SOURCE_CHANGED') return null;
      throw failure;
    });
    if (file !== null) files.push(file);
    else if (place.follows && (await isLink(place, name)))
      files.push({ name, size: 0, modified: null, unfollowed: true });
  }
  return files;
}

async function isLink({ folder }: Place, name: string): Promise<boolean> {
  return lstat(join(folder, name)).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

/** null for anything but a regular file, or a link to one. */
async function statFile(place: Place, name: string): Promise<SourceFile | null> {
  const path = await targetOf(place, name);
  if (path === null) return null;
  const found = await lstat(path).catch((thrown) => {
    throw folderFailure(thrown, path);
  });
  return found.isFile() ? { name, size: found.size, modified: found.mtime.toISOString() } : null;
}

/** Where the file lies: a link leads on, but not out of the root. null for one that leads out or nowhere. */
async function targetOf({ folder, root, follows }: Place, name: string): Promise<string | null> {
  const path = join(folder, name);
  const found = await lstat(path).catch((thrown) => {
    throw folderFailure(thrown, path);
  });
  if (!found.isSymbolicLink() || !follows) return path;
  const [target, within] = await Promise.all([path, root].map((each) => realpath(each).catch(() => null)));
  return target && within && target.startsWith(within.endsWith(sep) ? within : within + sep) ? target : null;
}

const CHUNK_BYTES = 1024 * 1024;

async function* bytesOf(place: Place, name: string, start: number): AsyncGenerator<Buffer> {
  checkFileName(name);
  const path = join(place.folder, name);
  try {
    const target = await targetOf(place, name);
    if (target === null) throw notRegular(path);
    const handle = await openRegular(target);
    yield* handle.createReadStream({ highWaterMark: CHUNK_BYTES, start });
  } catch (thrown) {
    throw folderFailure(thrown, path);
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  // O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw notRegular(path);
}

function notRegular(path: string): NightfeedError {
  return new NightfeedError(
    'SOURCE_DENIED',
    `${path} is not a regular file; folders, devices and links out of the folder are not read.`,
  );
}

function folderFailure(thrown: unknown, path: string): NightfeedError {
  if (thrown instanceof NightfeedError) return thrown;
  const code = codeOf(thrown);
  if (code === 'ENOENT') return new NightfeedError('SOURCE_CHANGED', `${path} is gone.`, { cause: thrown });
  if (code === 'ELOOP') return notRegular(path);
  const name = code === 'EACCES' || code === 'EPERM' || code === 'ENOTDIR' ? 'SOURCE_DENIED' : 'SOURCE_UNREACHABLE';
  return new NightfeedError(name, `${path} cannot be read: ${code ?? thrown}.`, { cause: thrown });
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException).code;
}
