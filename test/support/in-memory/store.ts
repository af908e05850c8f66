import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { existing } from '../../../lib/stores/common/existing.ts';
import { checkKey, checkPrefix } from '../../../lib/stores/common/key.ts';

/** A lake that is gone with the process: for tests of what is done with a lake, and not of how one keeps its objects. */
export function inMemoryStore(): Store {
  const id = randomUUID();
  const objects = new Map<string, { readonly bytes: Buffer; readonly modified: Date }>();

  function create(key: string, bytes: Buffer): boolean {
    if (objects.has(checkKey(key))) return false;
    objects.set(key, { bytes, modified: new Date() });
    return true;
  }

  function put(key: string, bytes: Buffer): number {
    if (!create(key, bytes)) throw existing(key);
    return bytes.length;
  }

  function bytesOf(key: string): Buffer {
    const object = objects.get(checkKey(key));
    if (!object) throw new NightfeedError('OBJECT_MISSING', `cannot read ${key}: there is no such object`);
    return object.bytes;
  }

  async function* chunks(key: string) {
    yield bytesOf(key);
  }

  return {
    identity: async () => ({ id, place: `memory:${id}` }),
    create: async (key, body) => create(key, Buffer.from(body)),
    write: async (key, body) => put(key, await buffer(body)),
    writeFile: async (key, path) => put(key, await readFile(path)),
    copy: async (from, to) => void put(to, bytesOf(from)),
    readText: async (key) => objects.get(checkKey(key))?.bytes.toString() ?? null,
    read: (key) => {
      checkKey(key);
      return Readable.from(chunks(key), { objectMode: false });
    },

    async localPath(key, scratch) {
      const path = join(scratch, key);
      const bytes = bytesOf(key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      return path;
    },

    async list(prefix) {
      checkPrefix(prefix);
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, { bytes, modified }]) => ({ key, size: bytes.length, modified }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    },

    async remove(keys) {
      for (const key of keys) objects.delete(checkKey(key));
    },

    room: async () => null,
  };
}
