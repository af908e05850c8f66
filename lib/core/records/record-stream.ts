import { NightfeedError } from '../errors.ts';
import type { RecordEnd } from '../run/file-parts.ts';
import type { RecordSyntax } from './record-syntax.ts';
import { RecordWalk } from './record-walk.ts';

export interface PlacedRecord {
  /** Index of the record from 0, rejected records counted, as in the scan. */
  readonly index: number;
  /** Offset in bytes from the first chunk. */
  readonly offset: number;
  /** Record end included. */
  readonly length: number;
  /** The record with its end; may be a view into a chunk. */
  readonly bytes: Buffer;
}

/**
 * All records of data that the structural scan has seen, rejected ones included, with the same extents. `fields` is the
 * number of columns in the file: with one, blank lines are records.
 */
export async function* records(
  chunks: AsyncIterable<Uint8Array>,
  dialect: RecordSyntax,
  recordEnd: RecordEnd,
  fields: number,
): AsyncGenerator<PlacedRecord, void> {
  const walk = new RecordWalk({ dialect, recordEnd, fields });
  for await (const chunk of chunks) {
    walk.feed(asBuffer(chunk));
    while (walk.next()) yield placed(walk);
  }
  walk.finish();
}

/**
 * The records with these indexes, which must ascend. Skips the others at the speed of the scan and stops reading
 * after the last one. Throws ENGINE_DISAGREES for an index that is not in the data, or not after the one before.
 */
export async function* locate(
  indexes: Iterable<number>,
  chunks: AsyncIterable<Uint8Array>,
  dialect: RecordSyntax,
  recordEnd: RecordEnd,
  fields: number,
): AsyncGenerator<PlacedRecord, void> {
  const walk = new RecordWalk({ dialect, recordEnd, fields });
  const wanted = indexes[Symbol.iterator]();
  let next = wanted.next();
  if (next.done) return;
  for await (const chunk of chunks) {
    walk.feed(asBuffer(chunk));
    while (walk.next()) {
      const index = walk.count - 1;
      if (index < next.value) continue;
      if (index > next.value) throw notThere(next.value, walk);
      yield placed(walk);
      next = wanted.next();
      if (next.done) return;
    }
  }
  throw notThere(next.value, walk);
}

function placed(walk: RecordWalk): PlacedRecord {
  return { index: walk.count - 1, offset: walk.start, length: walk.end - walk.start, bytes: walk.bytes() };
}

function notThere(index: number, walk: RecordWalk): NightfeedError {
  return new NightfeedError(
    'ENGINE_DISAGREES',
    `record ${index} was asked for, ${walk.count} records were read and it was not the next`,
  );
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
