import { Readable } from 'node:stream';
import type { SourceFile } from '../../../lib/core/delivery/source-file.ts';
import type { Source } from '../../../lib/ports/source.ts';

/** A source that holds its files in memory, all of them old enough to be complete, and sends them in pieces of a size. */
export function memorySource(
  files: Readonly<Record<string, string | Buffer>>,
  chunkBytes = Number.POSITIVE_INFINITY,
): Source {
  const content = (name: string) => Buffer.from(files[name]!);
  const describe = (name: string): SourceFile => ({
    name,
    size: content(name).length,
    modified: '2026-11-20T00:00:00.000Z',
  });
  return {
    notes: [],
    clock: async () => null,
    place: 'memory',
    around: async () => true,
    list: async (isWanted = () => true) => Object.keys(files).filter(isWanted).map(describe),
    stat: async (name) => describe(name),
    read: (name, from = 0) => Readable.from(pieces(content(name).subarray(from), chunkBytes)),
    close: async () => {},
  };
}

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at === 0 || at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
