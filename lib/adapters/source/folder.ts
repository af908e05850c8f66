import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { NightfeedError } from '../../core/errors.ts';
import type { SourceFile } from '../../core/run/receipt.ts';
import type { Source } from '../../steps/ports.ts';
import { checkFileName, isFileName } from './file-name.ts';
import { folderClock } from './folder-clock.ts';

/**
 * A local folder that the vendor, or somebody's copy job, writes into. A missing folder is an empty one. With a folder of our
 * `own` on the same file system it tells that file system's time.
 */
export function folderSource(folder: string, own?: string): Source {
  return {
    clock: async () => (own === undefined ? null : folderClock(folder, own)),
    list: () => listFiles(folder),
    async stat(name) {
      checkFileName(name);
      const file = await statFile(folder, name);
      if (file === null) throw notRegular(join(folder, name));
      return file;
    },
    read: (name, from = 0) => Readable.from(bytesOf(folder, name, from), { objectMode: false }),
    close: async () => {},
    notes: [],
  };
}

async function listFiles(folder: string): Promise<SourceFile[]> {
  const names = await readdir(folder).catch((thrown) => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw folderFailure(thrown, folder);
  });
  const files: SourceFile[] = [];
  for (const name of names.filter(isFileName).sort()) {
    // What vanishes between the listing and here was never complete: a temporary file that got its final name.
    const file = await statFile(folder, name).catch((failure) => {
      if (failure.name === 'SOURCE_CHANGED') return null;
      throw failure;
    });
    if (file !== null) files.push(file);
  }
  return files;
}

/** null for anything but a regular file; links are not followed, they may leave the folder. */
async function statFile(folder: string, name: string): Promise<SourceFile | null> {
  const path = join(folder, name);
  const found = await lstat(path).catch((thrown) => {
    throw folderFailure(thrown, path);
  });
  return found.isFile() ? { name, size: found.size, modified: found.mtime.toISOString() } : null;
}

const CHUNK_BYTES = 1024 * 1024;

async function* bytesOf(folder: string, name: string, start: number): AsyncGenerator<Buffer> {
  checkFileName(name);
  const path = join(folder, name);
  try {
    const handle = await openRegular(path);
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
  return new NightfeedError('SOURCE_DENIED', `${path} is not a regular file; links, folders and devices are not read.`);
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
