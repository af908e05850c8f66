import { NightfeedError } from '../errors.ts';
import { excerpt } from '../shown-text.ts';
import { memberName } from './member-name.ts';

/** Signatures of the parts of an archive (PKWARE's APPNOTE). */
export const zipPieces = {
  entry: 0x04034b50,
  descriptor: 0x08074b50,
  listing: 0x02014b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;

/** Fixed size of each part behind its signature, without the fields of variable length. */
export const zipBytes = { entry: 26, listing: 42, end64: 8, locator64: 16, end: 18 } as const;

/** The local header, which precedes an entry's bytes. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Checksum and sizes follow the bytes. */
  readonly streamed: boolean;
}

/** What the directory at the end says of an entry. */
export interface ZipListing extends ZipEntry {
  /** Where its local header begins. */
  readonly offset: number;
}

/** Lengths of name, extra fields and comment that follow the fixed part. */
export function zipLengths(piece: 'entry' | 'listing', fixed: Buffer): [name: number, extra: number, comment: number] {
  const at = piece === 'entry' ? 22 : 24;
  return [fixed.readUInt16LE(at), fixed.readUInt16LE(at + 2), piece === 'entry' ? 0 : fixed.readUInt16LE(at + 4)];
}

/** Throws ARCHIVE_ENCRYPTED and ARCHIVE_PATH. */
export function zipEntry(fixed: Buffer, name: Buffer, extra: Buffer): ZipEntry {
  return entryOf(fixed, 2, name, extra);
}

/** Reads an entry of the directory at the archive's end, which also knows links. Throws ARCHIVE_PATH. */
export function zipListing(fixed: Buffer, name: Buffer, extra: Buffer): ZipListing {
  const entry = entryOf(fixed, 4, name, extra);
  const isUnix = fixed[1] === 3;
  const kind = (fixed.readUInt32LE(34) >>> 28) & 0xf;
  if (isUnix && kind !== 0 && kind !== FOLDER && kind !== REGULAR)
    throw new NightfeedError('ARCHIVE_PATH', `${excerpt(entry.name)} in the archive is a link or a device`);
  const offset = fixed.readUInt32LE(38);
  // Size and packed size stand before the offset, each only where its own field has no room for it.
  const before = [fixed.readUInt32LE(20), fixed.readUInt32LE(16)].filter((field) => field === IN_EXTRA).length;
  return { ...entry, offset: offset === IN_EXTRA ? (zip64Numbers(extra)[before] ?? offset) : offset };
}

const FOLDER = 4;
const REGULAR = 8;

const ENCRYPTED = 0x2041;
const STREAMED = 8;
const AES = 99;

function entryOf(fixed: Buffer, at: number, nameBytes: Buffer, extra: Buffer): ZipEntry {
  const flags = fixed.readUInt16LE(at);
  const method = fixed.readUInt16LE(at + 2);
  const name = memberName(nameBytes.toString());
  if ((flags & ENCRYPTED) !== 0 || method === AES)
    throw new NightfeedError('ARCHIVE_ENCRYPTED', `${excerpt(name)} in the archive is encrypted`);
  const [crc, packed, size] = [8, 12, 16].map((field) => fixed.readUInt32LE(at + field)) as [number, number, number];
  const large = zip64Numbers(extra);
  return {
    name,
    method,
    crc,
    size: size === IN_EXTRA ? (large.shift() ?? size) : size,
    packed: packed === IN_EXTRA ? (large.shift() ?? packed) : packed,
    streamed: (flags & STREAMED) !== 0,
  };
}

/** Value that means: the number does not fit and stands among the extra fields. */
const IN_EXTRA = 0xffffffff;
const ZIP64 = 1;

/** The large numbers among the extra fields, in this order and only as needed: size, packed size, place. */
function zip64Numbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const field = extra.subarray(at + 4, at + 4 + length);
    if (id === ZIP64)
      return Array.from({ length: field.length >> 3 }, (_, index) => Number(field.readBigUInt64LE(8 * index)));
    at += 4 + length;
  }
  return [];
}
