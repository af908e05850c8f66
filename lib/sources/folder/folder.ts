import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, open, opendir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { Source } from '../../ports/source.ts';
import { checkFileName, isFileName } from '../common/file-name.ts';
import { LIMITS, type Limits } from '../common/limits.ts';
import { ListingSize } from '../common/listing-size.ts';
import { folderClock } from './folder-clock.ts';
import { folderDisposal } from './folder-disposal.ts';

interface FolderOptions {
  /** A folder of ours. Where it lies on the same file system, the source can tell that file system's time. */
  readonly own?: string | undefined;
  /** A link that leads out of this folder is ignored, so that who may write into the folder cannot choose which files are read. */
  readonly root?: string;
  readonly links?: 'follow' | 'ignore' | undefined;
  readonly limits?: Limits;
  /** Where relative folders start. */
  readonly start?: string;
  /** Throws for a folder that no feed may use. */
  confine?(folder: string): Promise<void>;
}

/** A local folder that the vendor or a copy job writes into. A missing folder counts as an empty one. */
export function folderSource(folder: string, options: FolderOptions = {}): Source {
  const { own, root = folder, links, limits = LIMITS } = options;
  const place: Place = { folder, root, follows: links !== 'ignore' };
  return {
    clock: async () => (own === undefined ? null : folderClock(folder, own)),
    place: folder,
    around: (see) =>
      seeEntries(folder, limits, (entry) => {
        const kind = entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'folder'
            : entry.isSymbolicLink()
              ? 'link'
              : 'other';
        see({ name: entry.name, kind });
      }),
    list: (isWanted = () => true) => listFiles(place, limits, isWanted),
    async stat(name) {
      checkFileName(name);
      const file = await statFile(place, name);
      if (file === null) throw notRegular(join(folder, name));
      return file;
    },
    read: (name, from = 0) => Readable.from(bytesOf(place, name, from), { objectMode: false }),
    close: async () => {},
    disposal: folderDisposal(folder, options.start ?? folder, options.confine),
    notes: [],
  };
}

/** Passes each entry of the folder on while it is read; false when the folder is missing. */
async function seeEntries(folder: string, limits: Limits, see: (entry: Dirent) => void): Promise<boolean> {
  const size = new ListingSize(limits);
  try {
    for await (const entry of await opendir(folder, { bufferSize: ENTRIES_AT_ONCE })) {
      size.addNames(1);
      see(entry);
    }
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw folderFailure(thrown, folder);
  }
}

const ENTRIES_AT_ONCE = 1000;

interface Place {
  readonly folder: string;
  readonly root: string;
  readonly follows: boolean;
}

async function listFiles(place: Place, limits: Limits, isWanted: (name: string) => boolean): Promise<SourceFile[]> {
  await checkFolder(place);
  const size = new ListingSize(limits);
  const names: string[] = [];
  await seeEntries(place.folder, limits, ({ name }) => {
    if (!isFileName(name) || !isWanted(name)) return;
    size.addFile(name);
    names.push(name);
  });
  const files: SourceFile[] = [];
  for (const name of names.sort()) {
    // A file that vanished since the listing was not complete: it was a temporary one, and has its final name now.
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

/** The folder of a day may be a link too, under the same rule as the link of a file. */
async function checkFolder({ folder, root }: Place): Promise<void> {
  if (folder === root) return;
  const isThere = await lstat(folder).catch(() => null);
  if (isThere && (await targetWithin(root, folder)) === null) throw notRegular(folder);
}

/** The path of the file. A link is followed within the root; null for one that leads out of it, or nowhere. */
async function targetOf({ folder, root, follows }: Place, name: string): Promise<string | null> {
  const path = join(folder, name);
  const found = await lstat(path).catch((thrown) => {
    throw folderFailure(thrown, path);
  });
  if (found.isSymbolicLink() && follows) return targetWithin(root, path);
  await checkFolder({ folder, root, follows });
  return path;
}

async function targetWithin(root: string, path: string): Promise<string | null> {
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
  // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
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
