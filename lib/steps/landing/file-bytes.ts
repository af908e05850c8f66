import { createHash } from 'node:crypto';
import { NightfeedError } from '../../core/errors.ts';
import type { LandedFile } from '../../core/run/pull-receipt.ts';
import { damaged } from '../../core/run/sealed.ts';
import { excerpt } from '../../core/shown-text.ts';
import { isTurnedBack, TurnedBack } from '../../formats/text/encodings/turned-back.ts';
import type { Store } from '../../ports/store.ts';
import { unpackedObject } from './unpacked-object.ts';

/**
 * A file as the vendor sent it, decompressed: the copy that is kept of it, or made again of what landed. Proved by its SHA-256 at
 * the end. Throws RAW_DROPPED, OBJECT_MISSING and OBJECT_DAMAGED.
 */
export async function* fileBytes(file: LandedFile, store: Pick<Store, 'read'>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of file.raw === undefined ? madeAgain(file, store) : unpackedObject(file.raw, store)) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') === file.sha256) return;
  throw damaged(file.raw ?? file.parts[0]?.key ?? `the receipt of ${excerpt(file.name)}`);
}

async function* madeAgain(file: LandedFile, store: Pick<Store, 'read'>): AsyncGenerator<Buffer> {
  const { parts, tail, sent } = file;
  if (tail === undefined || sent === undefined) throw dropped(file);
  let left = sent;
  const upTo = (chunk: Buffer) => {
    const kept = chunk.subarray(0, left);
    left -= kept.length;
    return kept;
  };
  const asSent = sending(file);
  yield upTo(asSent(Buffer.from(file.head, 'base64')));
  for (const { key } of parts) for await (const chunk of unpackedObject(key, store)) yield upTo(asSent(chunk));
  yield upTo(asSent(Buffer.from(tail, 'base64')));
}

/** What turns the text of a file into its bytes. */
function sending({ name, encoding }: LandedFile): (text: Buffer) => Buffer {
  if (encoding === undefined) return (text) => text;
  if (!isTurnedBack(encoding))
    throw new NightfeedError('RAW_DROPPED', `a newer version of nightfeed landed ${excerpt(name)}, in ${encoding}`);
  const turnedBack = new TurnedBack(encoding);
  return (text) => turnedBack.push(text);
}

function dropped({ name, movesBytes }: LandedFile): NightfeedError {
  const why = movesBytes ? '`lake: {raw: drop}` kept no copy of it' : 'an older version of nightfeed landed it';
  return new NightfeedError('RAW_DROPPED', `the bytes of ${excerpt(name)} are not in the lake: ${why}`);
}
