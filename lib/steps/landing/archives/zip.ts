import { crc32, createInflateRaw } from 'node:zlib';
import { type ZipEntry, zipBytes, zipEntry, zipLengths, zipPieces } from '../../../core/archives/zip-headers.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';
import { ByteReader } from '../byte-reader.ts';
import { UnpackedSize } from '../unpacked-size.ts';
import { Entries } from './entries.ts';
import { type ArchivedFile, Member } from './member.ts';
import { notPacked } from './not-packed.ts';
import { checkDirectory, checkSame, corrupt, type ZipFacts } from './zip-directory.ts';

/**
 * The files of a ZIP archive while it arrives. Checksum and sizes of each, skipped ones too, have to agree with the headers before and
 * after it, and with the directory at the end.
 * Throws EMPTY_FILE, NOT_ZIP, ZIP_TRUNCATED, ZIP_CORRUPT, ARCHIVE_SHAPE, ARCHIVE_PATH, ARCHIVE_ENCRYPTED and
 * DECOMPRESSION_LIMIT.
 */
export async function* zipMembers(received: AsyncIterable<Buffer>): AsyncGenerator<ArchivedFile> {
  const input = new ByteReader(received, () => new NightfeedError('ZIP_TRUNCATED', 'the ZIP archive ends early'));
  if (!(await input.more())) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  let piece = await first(input);
  const found = new Entries<ZipFacts>();
  const size = new UnpackedSize();
  for (; piece === zipPieces.entry; piece = await next(input)) {
    const offset = input.position - SIGNATURE;
    const entry = await entryAhead(input);
    found.begin(entry.name);
    const member = new Member(entry.name, content(input, entry, offset, size));
    try {
      if (!isFolder(entry.name)) yield member;
      found.end(entry.name, await member.end());
    } finally {
      await member.close();
    }
  }
  await checkDirectory(input, piece, found);
  if (await input.more()) throw corrupt('something follows the archive');
}

const SIGNATURE = 4;

async function first(input: ByteReader): Promise<number> {
  const start = await input.upTo(SIGNATURE);
  const piece = start.length === SIGNATURE ? start.readUInt32LE() : 0;
  if (piece === zipPieces.entry || piece === zipPieces.end) return piece;
  throw new NightfeedError('NOT_ZIP', 'the name ends in .zip, but the content is not a ZIP archive');
}

async function next(input: ByteReader): Promise<number> {
  return (await input.take(SIGNATURE)).readUInt32LE();
}

async function entryAhead(input: ByteReader): Promise<ZipEntry> {
  const fixed = await input.take(zipBytes.entry);
  const [nameLength, extraLength] = zipLengths('entry', fixed);
  return zipEntry(fixed, await input.take(nameLength), await input.take(extraLength));
}

/** The bytes of an entry; after the last one, its real sizes and checksum are known. */
async function* content(
  input: ByteReader,
  entry: ZipEntry,
  offset: number,
  sum: UnpackedSize,
): AsyncGenerator<Buffer, ZipFacts> {
  const { name, method, streamed } = entry;
  if ((method !== STORED && method !== DEFLATED) || (method === STORED && streamed))
    throw new NightfeedError(
      'ARCHIVE_SHAPE',
      `${excerpt(name)} is packed with method ${method}${streamed ? ' of unknown size' : ''}; expected deflate, or none and its size before it`,
    );
  const counted = { packed: 0 };
  const unpacked =
    method === STORED
      ? plain(input, entry.packed, counted)
      : inflated(input, streamed ? null : entry.packed, counted, sum);
  let crc = 0;
  let size = 0;
  for await (const chunk of notPacked(name, unpacked)) {
    crc = crc32(chunk, crc);
    size += chunk.length;
    yield chunk;
  }
  const found = { name, method, crc, packed: counted.packed, size, offset };
  if (isFolder(name) && size > 0) throw corrupt(`the folder ${excerpt(name)} has content`);
  if (streamed) await checkDescriptor(input, found);
  else checkSame(found, entry);
  return found;
}

const STORED = 0;
const DEFLATED = 8;
const isFolder = (name: string) => name.endsWith('/');

interface Counted {
  packed: number;
}

async function* plain(input: ByteReader, packed: number, counted: Counted): AsyncGenerator<Buffer> {
  while (counted.packed < packed) {
    const chunk = await input.some(packed - counted.packed);
    counted.packed += chunk.length;
    yield chunk;
  }
}

/** When the size is not known before, the compressed data show where they end. */
async function* inflated(
  input: ByteReader,
  packed: number | null,
  counted: Counted,
  sum: UnpackedSize,
): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  let fed = 0;
  let failure: unknown;
  // As in `unpack`: the iterator reports errors to the reader; after its end the stream still needs a listener.
  inflate.on('error', () => {});
  const feeding = (async () => {
    while (fed !== packed) {
      const chunk = await input.some(packed === null ? Number.POSITIVE_INFINITY : packed - fed);
      await new Promise((resolve) => inflate.write(chunk, resolve));
      if (inflate.destroyed) return;
      fed += chunk.length;
      const surplus = fed - inflate.bytesWritten;
      if (surplus === 0) continue;
      if (packed !== null) throw corrupt('the packed data ends before its announced size');
      input.unread(chunk.subarray(chunk.length - surplus));
      return;
    }
    inflate.end();
  })().catch((error: Error) => {
    failure = error;
    inflate.destroy(error);
  });
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      sum.check(inflate.bytesWritten, chunk.length);
      yield chunk;
    }
    await feeding;
    counted.packed = inflate.bytesWritten;
    sum.add(counted.packed);
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw error instanceof NightfeedError ? error : corrupt((error as Error).message, error);
  } finally {
    inflate.destroy();
  }
}

/** The descriptor after an entry. Depending on the writer it has a signature or not, and sizes of 4 or 8 bytes. */
async function checkDescriptor(input: ByteReader, found: ZipFacts): Promise<void> {
  const start = await input.take(4);
  const crc = start.readUInt32LE() === zipPieces.descriptor ? await input.take(4) : start;
  const sizes = await input.take(8);
  const isShort = sizes.readUInt32LE() === found.packed && sizes.readUInt32LE(4) === found.size;
  const after = isShort ? await input.take(4) : Buffer.alloc(0);
  if (isShort) input.unread(after);
  // For an empty entry, sizes of 8 bytes can be read as either form.
  const isLong = !isShort || after.readUInt32LE() === 0;
  const packed = isLong ? Number(sizes.readBigUInt64LE()) : sizes.readUInt32LE();
  const size = isLong ? Number((await input.take(8)).readBigUInt64LE()) : sizes.readUInt32LE(4);
  checkSame(found, { ...found, crc: crc.readUInt32LE(), packed, size });
}
