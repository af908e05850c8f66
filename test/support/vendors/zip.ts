import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly bytes: string | Uint8Array;
  readonly stored?: boolean;
  /** Sizes and checksum come behind the bytes, as a writer that streams puts them. */
  readonly streamed?: boolean;
  readonly zip64?: boolean;
  readonly encrypted?: boolean;
  /** Unix mode, such as that of a link. */
  readonly mode?: number;
  readonly method?: number;
  readonly crc?: number;
  /** Size as announced. */
  readonly size?: number;
}

interface ZipOptions {
  readonly comment?: string;
  /** Names in the directory at the end, where they are to differ. */
  readonly listed?: readonly string[];
}

/** A ZIP archive after PKWARE's APPNOTE, with whatever should not be in one. */
export function zip(entries: readonly ZipEntry[], { comment = '', listed = [] }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [index, entry] of entries.entries()) {
    const local = localOf(entry);
    directory.push(listing({ ...entry, name: listed[index] ?? entry.name }, offset));
    pieces.push(local);
    offset += local.length;
  }
  const listing0 = Buffer.concat(directory);
  const end64 = entries.some(({ zip64 }) => zip64)
    ? zip64End(entries.length, listing0.length, offset)
    : Buffer.alloc(0);
  return Buffer.concat([
    ...pieces,
    listing0,
    end64,
    fields(
      [0x06054b50, 4],
      [0, 2],
      [0, 2],
      [entries.length, 2],
      [entries.length, 2],
      [listing0.length, 4],
      [offset, 4],
    ),
    fields([comment.length, 2]),
    Buffer.from(comment),
  ]);
}

function localOf(entry: ZipEntry): Buffer {
  const { name, streamed, zip64 } = entry;
  const { packed, crc, size, flags, method } = factsOf(entry);
  const extra = zip64 && !streamed ? fields([1, 2], [16, 2], [size, 8], [packed.length, 8]) : Buffer.alloc(0);
  const [shownCrc, shownPacked, shownSize] = streamed
    ? [0, 0, 0]
    : zip64
      ? [crc, 0xffffffff, 0xffffffff]
      : [crc, packed.length, size];
  return Buffer.concat([
    fields([0x04034b50, 4], [zip64 ? 45 : 20, 2], [flags, 2], [method, 2], [0, 4]),
    fields([shownCrc, 4], [shownPacked, 4], [shownSize, 4], [Buffer.byteLength(name), 2], [extra.length, 2]),
    Buffer.from(name),
    extra,
    packed,
    streamed
      ? fields([0x08074b50, 4], [crc, 4], [packed.length, zip64 ? 8 : 4], [size, zip64 ? 8 : 4])
      : Buffer.alloc(0),
  ]);
}

function listing(entry: ZipEntry, offset: number): Buffer {
  const { name, zip64, mode = 0o100644 } = entry;
  const { packed, crc, size, flags, method } = factsOf(entry);
  const extra = zip64 ? fields([1, 2], [24, 2], [size, 8], [packed.length, 8], [offset, 8]) : Buffer.alloc(0);
  const shown = (value: number) => (zip64 ? 0xffffffff : value);
  return Buffer.concat([
    fields([0x02014b50, 4], [(3 << 8) | 45, 2], [zip64 ? 45 : 20, 2], [flags, 2], [method, 2], [0, 4], [crc, 4]),
    fields([shown(packed.length), 4], [shown(size), 4], [Buffer.byteLength(name), 2], [extra.length, 2], [0, 2]),
    fields([0, 2], [0, 2], [mode * 65536, 4], [shown(offset), 4]),
    Buffer.from(name),
    extra,
  ]);
}

function zip64End(count: number, length: number, offset: number): Buffer {
  return Buffer.concat([
    fields(
      [0x06064b50, 4],
      [44, 8],
      [45, 2],
      [45, 2],
      [0, 4],
      [0, 4],
      [count, 8],
      [count, 8],
      [length, 8],
      [offset, 8],
    ),
    fields([0x07064b50, 4], [0, 4], [offset + length, 8], [1, 4]),
  ]);
}

function factsOf({ bytes, stored, streamed, encrypted, method, crc, size }: ZipEntry) {
  const plain = Buffer.from(bytes);
  return {
    packed: stored ? plain : deflateRawSync(plain),
    crc: crc ?? crc32(plain),
    size: size ?? plain.length,
    flags: (streamed ? 8 : 0) | (encrypted ? 1 : 0),
    method: method ?? (stored ? 0 : 8),
  };
}

/** Little-endian numbers of so many bytes. */
function fields(...values: [value: number, bytes: 2 | 4 | 8][]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value));
      else field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
