import { Readable } from 'node:stream';
import type { SourceFile } from '../../../lib/core/delivery/source-file.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Disposal } from '../../../lib/ports/disposal.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { checkFileName, isFileName } from '../../../lib/sources/common/file-name.ts';

/**
 * A source whose files are the entries of an object, which a test may change. All of them are old enough to be complete; they are
 * sent in pieces of a size.
 */
export function inMemorySource(
  files: Record<string, string | Buffer>,
  chunkBytes = Number.POSITIVE_INFINITY,
  elsewhere?: (folder: string) => Record<string, string | Buffer>,
): Source {
  const content = (name: string) => {
    checkFileName(name);
    if (!Object.hasOwn(files, name)) throw new NightfeedError('SOURCE_CHANGED', `${name} is gone.`);
    return Buffer.from(files[name]!);
  };
  const describe = (name: string): SourceFile => ({
    name,
    size: content(name).length,
    modified: '2026-11-20T00:00:00.000Z',
  });
  async function* bytesOf(name: string, from: number): AsyncGenerator<Buffer> {
    yield* pieces(content(name).subarray(from), chunkBytes);
  }
  return {
    notes: [],
    clock: async () => null,
    place: 'memory',
    async around(see) {
      for (const name of Object.keys(files)) see({ name, kind: 'file' });
      return Object.keys(files).length > 0 ? true : null;
    },
    list: async (isWanted = () => true) =>
      Object.keys(files)
        .filter((name) => isFileName(name) && isWanted(name))
        .map(describe),
    stat: async (name) => describe(name),
    read: (name, from = 0) => Readable.from(bytesOf(name, from), { objectMode: false }),
    close: async () => {},
    ...(elsewhere ? { disposal: disposalOf(files, elsewhere) } : {}),
  };
}

function disposalOf(
  files: Record<string, string | Buffer>,
  elsewhere: (folder: string) => Record<string, string | Buffer>,
): Disposal {
  const gone = (name: string) => {
    checkFileName(name);
    if (!Object.hasOwn(files, name)) throw new NightfeedError('SOURCE_CHANGED', `${name} is gone.`);
  };
  return {
    remove: async (name) => {
      gone(name);
      delete files[name];
    },
    move: async (name, folder) => {
      gone(name);
      elsewhere(folder)[name] = files[name]!;
      delete files[name];
    },
    sizeIn: async (folder, name) => {
      checkFileName(name);
      const there = elsewhere(folder);
      return Object.hasOwn(there, name) ? Buffer.from(there[name]!).length : null;
    },
  };
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at === 0 || at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
