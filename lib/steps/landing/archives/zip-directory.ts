import { type ZipListing, zipBytes, zipLengths, zipListing, zipPieces } from '../../../core/archives/zip-headers.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Entries } from './entries.ts';

/** Facts found while unpacking; the directory has to agree. */
export type ZipFacts = Omit<ZipListing, 'streamed'>;

/** Reads the directory at the archive's end. It has to list each entry once, at its place, and its own place, length and number. */
export async function checkDirectory(input: ByteReader, begins: number, found: Entries<ZipFacts>): Promise<void> {
  const offset = input.position - SIGNATURE;
  const listed = new Set<string>();
  let piece = begins;
  for (; piece === zipPieces.listing; piece = await next(input)) {
    const entry = await listingAhead(input);
    const real = found.get(entry.name);
    if (!real) throw corrupt(`its directory lists ${excerpt(entry.name)}, which is not in it`);
    if (listed.has(entry.name)) throw corrupt(`its directory lists ${excerpt(entry.name)} twice`);
    checkSame(real, entry);
    listed.add(entry.name);
  }
  if (listed.size !== found.size) throw corrupt(`its directory lists ${listed.size} entries; it has ${found.size}`);
  const directory = { entries: listed.size, length: input.position - SIGNATURE - offset, offset };
  const isLarge = piece === zipPieces.end64;
  if (piece === zipPieces.end64) piece = await end64(input, directory);
  if (piece !== zipPieces.end) throw corrupt('its directory has no end');
  const end = await input.take(zipBytes.end);
  checkEnd(directory, {
    entries: [end.readUInt16LE(4), end.readUInt16LE(6)].map((count) => (count === 0xffff && isLarge ? null : count)),
    length: isLarge && end.readUInt32LE(8) === 0xffffffff ? null : end.readUInt32LE(8),
    offset: isLarge && end.readUInt32LE(12) === 0xffffffff ? null : end.readUInt32LE(12),
  });
  const volumes = end.readUInt32LE(0);
  if (volumes !== 0 && !(isLarge && volumes === 0xffffffff)) throw corrupt('it says that it is one of several volumes');
  await input.take(end.readUInt16LE(16));
}

export function checkSame(found: ZipFacts, said: Omit<ZipFacts, 'offset'> & { readonly offset?: number }): void {
  for (const what of ['method', 'crc', 'packed', 'size', 'offset'] as const) {
    if (said[what] !== undefined && found[what] !== said[what])
      throw corrupt(`${excerpt(found.name)} has ${what} ${found[what]}; the archive says ${said[what]}`);
  }
}

export function corrupt(message: string, cause?: unknown): NightfeedError {
  return new NightfeedError('ZIP_CORRUPT', `the ZIP archive is damaged: ${message}`, { cause });
}

const SIGNATURE = 4;

async function next(input: ByteReader): Promise<number> {
  return (await input.take(SIGNATURE)).readUInt32LE();
}

async function listingAhead(input: ByteReader): Promise<ZipListing> {
  const fixed = await input.take(zipBytes.listing);
  const [nameLength, extraLength, commentLength] = zipLengths('listing', fixed);
  const entry = zipListing(fixed, await input.take(nameLength), await input.take(extraLength));
  await input.take(commentLength);
  return entry;
}

interface Directory {
  readonly entries: number;
  readonly length: number;
  readonly offset: number;
}

/** The end of a large archive, and the piece that says where it is. */
async function end64(input: ByteReader, directory: Directory): Promise<number> {
  const begins = input.position - SIGNATURE;
  const length = Number((await input.take(zipBytes.end64)).readBigUInt64LE());
  if (length > MAX_END64) throw corrupt('its end is too long');
  if (length < MIN_END64) throw corrupt('its end is too short');
  const end = await input.take(length);
  const number = (at: number) => Number(end.readBigUInt64LE(at));
  checkEnd(directory, { entries: [number(12), number(20)], length: number(28), offset: number(36) });
  if ((await next(input)) !== zipPieces.locator64) throw corrupt('its directory has no end');
  const locator = await input.take(zipBytes.locator64);
  if (Number(locator.readBigUInt64LE(4)) !== begins) throw corrupt('it says another place of its end');
  return next(input);
}

const MAX_END64 = 65_536;
const MIN_END64 = 44;

interface Said {
  readonly entries: readonly (number | null)[];
  readonly length: number | null;
  readonly offset: number | null;
}

function checkEnd(real: Directory, { entries, length, offset }: Said): void {
  const differs = (said: number | null, found: number) => said !== null && said !== found;
  if (entries.some((said) => differs(said, real.entries)))
    throw corrupt(`its end tells of ${entries[0]} entries; its directory lists ${real.entries}`);
  if (differs(length, real.length) || differs(offset, real.offset))
    throw corrupt('its end tells another place or length of its directory');
}
