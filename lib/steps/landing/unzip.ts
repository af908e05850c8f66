import { crc32, createInflateRaw } from 'node:zlib';
import { MAGIC_BYTES, otherFormat } from '../../core/archives/magic.ts';
import {
  type ZipEntry,
  zipBytes,
  zipEntry,
  zipLengths,
  zipListing,
  zipPieces,
} from '../../core/archives/zip-headers.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import { ByteReader } from './byte-reader.ts';
import { checkUnpacked } from './unpacked-size.ts';

/**
 * Unpacks the only file in a ZIP archive while it arrives. Checksum and sizes have to agree with the headers before and after the file, and
 * with the directory at the end. For a small archive all of that is checked before the first byte is given out.
 * Throws EMPTY_FILE, NOT_ZIP, ZIP_TRUNCATED, ZIP_CORRUPT, ARCHIVE_SHAPE, ARCHIVE_PATH, ARCHIVE_ENCRYPTED and
 * DECOMPRESSION_LIMIT.
 */
export async function* unzipped(received: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of contentOf(received)) {
    heldBytes += chunk.length;
    held.push(chunk);
    if (heldBytes > HELD_BYTES) yield* held.splice(0);
  }
  yield* held;
}

const HELD_BYTES = 1_000_000;
const MAX_FOLDERS = 100;

/** Facts found while unpacking; the directory has to agree. */
type Found = Omit<ZipEntry, 'streamed'>;

async function* contentOf(received: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new ByteReader(received, () => new NightfeedError('ZIP_TRUNCATED', 'the ZIP archive ends early'));
  if (!(await input.more())) throw new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
  let piece = await first(input);
  const found: Found[] = [];
  for (; piece === zipPieces.entry; piece = await next(input)) {
    const { entry, name } = await entryAhead(input);
    if (!isFolder(name) && found.some((other) => !isFolder(other.name)))
      throw shape(`${excerpt(name)} is a second file in the archive`);
    if (found.length > MAX_FOLDERS) throw shape(`more than ${MAX_FOLDERS} folders in the archive`);
    found.push(yield* content(input, entry));
  }
  if (found.every(({ name }) => isFolder(name))) throw shape('no file in the archive');
  await checkDirectory(input, piece, found);
  if (await input.more()) throw corrupt('something follows the archive');
}

async function first(input: ByteReader): Promise<number> {
  const piece = await next(input).catch(() => 0);
  if (piece === zipPieces.entry || piece === zipPieces.end) return piece;
  throw new NightfeedError('NOT_ZIP', 'the name ends in .zip, but the content is not a ZIP archive');
}

async function next(input: ByteReader): Promise<number> {
  return (await input.take(4)).readUInt32LE();
}

async function entryAhead(input: ByteReader): Promise<{ entry: ZipEntry; name: string }> {
  const fixed = await input.take(zipBytes.entry);
  const [nameLength, extraLength] = zipLengths('entry', fixed);
  const entry = zipEntry(fixed, await input.take(nameLength), await input.take(extraLength));
  return { entry, name: entry.name };
}

/** The bytes of an entry; after the last one, its real sizes and checksum are known. */
async function* content(input: ByteReader, entry: ZipEntry): AsyncGenerator<Buffer, Found> {
  const { name, method, streamed } = entry;
  if ((method !== STORED && method !== DEFLATED) || (method === STORED && streamed))
    throw shape(`${excerpt(name)} is packed with method ${method}${streamed ? ' of unknown size' : ''}`);
  const counted = { packed: 0 };
  const unpacked =
    method === STORED ? plain(input, entry.packed, counted) : inflated(input, streamed ? null : entry.packed, counted);
  let crc = 0;
  let size = 0;
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of unpacked) {
    crc = crc32(chunk, crc);
    size += chunk.length;
    if (start.length < MAGIC_BYTES) {
      start = Buffer.concat([start, chunk.subarray(0, MAGIC_BYTES)]);
      const nested = otherFormat(start);
      if (nested) throw shape(`${excerpt(name)} in the archive is ${nested} itself`);
    }
    yield chunk;
  }
  const found = { name, method, crc, packed: counted.packed, size };
  if (isFolder(name) && size > 0) throw shape(`the folder ${excerpt(name)} in the archive has content`);
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
async function* inflated(input: ByteReader, packed: number | null, counted: Counted): AsyncGenerator<Buffer> {
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
  let unpacked = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      checkUnpacked(inflate.bytesWritten, unpacked);
      yield chunk;
    }
    await feeding;
    counted.packed = inflate.bytesWritten;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw error instanceof NightfeedError ? error : corrupt((error as Error).message, error);
  } finally {
    inflate.destroy();
  }
}

/** The descriptor after an entry. Depending on the writer it has a signature or not, and sizes of 4 or 8 bytes. */
async function checkDescriptor(input: ByteReader, found: Found): Promise<void> {
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

async function checkDirectory(input: ByteReader, begins: number, found: readonly Found[]): Promise<void> {
  let piece = begins;
  let listed = 0;
  for (; piece === zipPieces.listing; piece = await next(input)) {
    const fixed = await input.take(zipBytes.listing);
    const [nameLength, extraLength, commentLength] = zipLengths('listing', fixed);
    const entry = zipListing(fixed, await input.take(nameLength), await input.take(extraLength));
    await input.take(commentLength);
    const real = found.find(({ name }) => name === entry.name);
    if (!real) throw corrupt(`its directory lists ${excerpt(entry.name)}, which is not in it`);
    checkSame(real, entry);
    listed += 1;
  }
  if (piece === zipPieces.end64) {
    const length = Number((await input.take(zipBytes.end64)).readBigUInt64LE());
    if (length > MAX_END64) throw corrupt('its end is too long');
    await input.take(length);
    piece = await next(input);
  }
  if (piece === zipPieces.locator64) {
    await input.take(zipBytes.locator64);
    piece = await next(input);
  }
  if (piece !== zipPieces.end) throw corrupt('its directory has no end');
  const end = await input.take(zipBytes.end);
  if (listed !== found.length) throw corrupt(`its directory lists ${listed} entries; it has ${found.length}`);
  await input.take(end.readUInt16LE(16));
}

const MAX_END64 = 65_536;

function checkSame(found: Found, said: Found): void {
  for (const what of ['method', 'crc', 'packed', 'size'] as const) {
    if (found[what] !== said[what])
      throw corrupt(`${excerpt(found.name)} has ${what} ${found[what]}; the archive says ${said[what]}`);
  }
}

function shape(message: string): NightfeedError {
  return new NightfeedError('ARCHIVE_SHAPE', `${message}; expected one plain file`);
}

function corrupt(message: string, cause?: unknown): NightfeedError {
  return new NightfeedError('ZIP_CORRUPT', `the ZIP archive is damaged: ${message}`, { cause });
}
