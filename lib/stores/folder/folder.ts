import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat, statfs, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { NightfeedError } from '../../core/errors.ts';
import type { Store } from '../../ports/store.ts';
import { existing } from '../common/existing.ts';
import { checkKey, checkPrefix, TEMPORARY } from '../common/key.ts';
import { fromOrigin, OriginFailed } from '../common/origin.ts';
import { storeError } from '../common/store-error.ts';
import { removeEmptyFolders, sweep, walk } from './folder-tree.ts';
import { placeDurably, syncFile } from './place.ts';

const READ_BYTES = 1 << 20;
/** The object that identifies this lake, also after it was moved. */
const IDENTITY = 'identity';

/**
 * The lake in a local folder: the object `a/b` is the file `<root>/a/b`. Each object is written and synced in `<root>/.tmp` and then
 * hard-linked to its place, so that it appears whole. Files of killed writers stay in `.tmp` and are removed after a day.
 * `write` and `writeFile` refuse an existing key as OBJECT_EXISTS: each attempt has its own prefix.
 * Throws STORE_FULL, OBJECT_MISSING, and STORE_UNAVAILABLE for everything else the file system says.
 */
export function folderStore(root: string): Store {
  const base = resolve(root);
  const temporary = join(base, TEMPORARY);
  const pathOf = (key: string) => join(base, checkKey(key));
  let swept: Promise<void> | undefined;

  async function put(key: string, body: Body): Promise<boolean> {
    const path = pathOf(key);
    const unfinished = join(temporary, randomUUID());
    try {
      await mkdir(temporary, { recursive: true });
      swept ??= sweep(temporary);
      await swept;
      await writeSynced(unfinished, body);
      return await placeDurably(unfinished, path, temporary);
    } catch (error) {
      throw error instanceof OriginFailed ? error.cause : storeError(error, 'write', key);
    } finally {
      await rm(unfinished, { force: true }).catch(() => {});
    }
  }

  async function write(key: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    let size = 0;
    const count = (bytes: number) => {
      size += bytes;
    };
    if (!(await put(key, fromOrigin(body, count)))) throw existing(key);
    return size;
  }

  async function readIfThere(key: string): Promise<string | null> {
    try {
      return await readFile(pathOf(key), 'utf8');
    } catch (error) {
      const failure = storeError(error, 'read', key);
      if (failure.name === 'OBJECT_MISSING') return null;
      throw failure;
    }
  }

  /** When two processes find no identity, the second one reads the identity that the first has written. */
  async function placeIdentity(): Promise<string> {
    const id = randomUUID();
    return (await put(IDENTITY, [Buffer.from(`${id}\n`)])) ? id : (await readIfThere(IDENTITY))!;
  }

  return {
    folder: base,

    async identity() {
      const text = (await readIfThere(IDENTITY)) ?? (await placeIdentity());
      return { id: text.trim(), place: `${hostname()}:${base}` };
    },

    create: (key, body) => put(key, [typeof body === 'string' ? Buffer.from(body) : body]),

    write,

    async writeFile(key, source) {
      const path = pathOf(key);
      try {
        await mkdir(temporary, { recursive: true });
        // The age of an object counts from now, and not from the last write to the temporary file.
        await utimes(source, new Date(), new Date());
        await syncFile(source);
        const { size } = await stat(source);
        if (!(await placeDurably(source, path, temporary))) throw existing(key);
        return size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw storeError(error, 'write', key);
      }
      return await write(key, createReadStream(source, { highWaterMark: READ_BYTES }));
    },

    async copy(from, to) {
      await write(to, chunks(pathOf(from), from));
    },

    readText: readIfThere,

    read: (key) => Readable.from(chunks(pathOf(key), key), { objectMode: false, highWaterMark: READ_BYTES }),

    async localPath(key) {
      const path = pathOf(key);
      try {
        if ((await stat(path)).isFile()) return path;
      } catch (error) {
        throw storeError(error, 'read', key);
      }
      throw new NightfeedError('OBJECT_MISSING', `cannot read ${key}: it is a folder`);
    },

    async list(prefix) {
      checkPrefix(prefix);
      try {
        const found = await walk(base, prefix);
        return found.sort((a, b) => (a.key < b.key ? -1 : 1));
      } catch (error) {
        throw storeError(error, 'list', prefix);
      }
    },

    async remove(keys) {
      for (const key of keys) {
        const path = pathOf(key);
        try {
          await rm(path, { force: true });
          await removeEmptyFolders(dirname(path), base);
        } catch (error) {
          throw storeError(error, 'remove', key);
        }
      }
    },

    async room() {
      try {
        await mkdir(base, { recursive: true });
        const { bavail, bsize } = await statfs(base);
        return bavail * bsize;
      } catch (error) {
        throw storeError(error, 'list', '');
      }
    },
  };
}

type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

async function writeSynced(path: string, body: Body): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* chunks(path: string, key: string) {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES });
  } catch (error) {
    throw storeError(error, 'read', key);
  }
}
