import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { SourceFile } from '../../lib/core/delivery/source-file.ts';
import type { Source } from '../../lib/ports/source.ts';

/** What begins the file, what comes so many times again, and what ends it. */
export const pieceNames = ['first', 'again', 'tail'] as const;

const READ_BYTES = 1 << 20;

/** A file of any size that takes no disk: the pieces in a folder, of which one comes so many times. It is read from its beginning alone. */
export function repeatedSource(folder: string, name: string, times: number): Source {
  const file: SourceFile = { name, size: repeatedBytes(folder, times), modified: '2026-11-20T00:00:00Z' };
  return {
    list: async () => [file],
    stat: async () => file,
    read: (_name, from = 0) => {
      if (from > 0) throw new Error('a repeated source is read from its beginning');
      return Readable.from(pieces(folder, times), { objectMode: false, highWaterMark: READ_BYTES });
    },
    close: async () => {},
    clock: async () => null,
    around: async () => true,
    place: folder,
    notes: [],
  };
}

export function repeatedBytes(folder: string, times: number): number {
  const [first, again, tail] = pieceNames.map((name) => statSync(join(folder, name)).size) as [number, number, number];
  return first + again * times + tail;
}

async function* pieces(folder: string, times: number): AsyncGenerator<Buffer> {
  const [first, again, tail] = pieceNames.map((name) => join(folder, name)) as [string, string, string];
  for (const path of [first, ...Array<string>(times).fill(again), tail])
    yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
}
