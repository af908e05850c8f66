import { Readable } from 'node:stream';
import type { Entry } from '../../../../lib/sources/ftp/listing/entry.ts';
import { linesOf } from '../../../../lib/sources/ftp/listing/lines.ts';

/** All entries of a listing, which arrives in pieces of a few bytes. */
export function parsedBy(parse: (lines: AsyncIterable<string>) => AsyncIterable<Entry>) {
  return async (text: string): Promise<Entry[]> => {
    const entries: Entry[] = [];
    for await (const entry of parse(linesOf(Readable.from(pieces(Buffer.from(text)))))) entries.push(entry);
    return entries;
  };
}

const PIECE_BYTES = 7;

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
