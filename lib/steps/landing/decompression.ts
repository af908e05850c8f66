import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress, type Zlib } from 'node:zlib';
import { type Compression, layersOf } from '../../core/archives/layers.ts';
import { ZstdFrame } from '../../core/archives/zstd-frame.ts';
import { type ErrorName, NightfeedError } from '../../core/errors.ts';
import { membersOf, onlyFile } from './archives/archive.ts';
import type { ArchivedFile } from './archives/member.ts';
import { notTar } from './archives/not-packed.ts';
import { unpackBzip2 } from './compression/bzip2.ts';
import { unpackXz } from './compression/xz.ts';
import { checkUnpacked } from './unpacked-size.ts';

export interface Decompressed {
  readonly bytes: AsyncIterable<Buffer>;
  /** Whether the name is that of a format that may have a checksum. */
  readonly isContainer: boolean;
  /** What proved the content whole, such as a checksum; known after the last byte. */
  proof(): string | undefined;
}

/**
 * Unpacks a file by the suffix of its name; of an archive, the only file in it. A damaged or cut file throws; it never looks like a
 * shorter file.
 */
export function decompressed(name: string, received: AsyncIterable<Buffer>): Decompressed {
  const opened = archived(name, received);
  if (opened) return { ...opened, bytes: onlyFile(opened.members) };
  const content = uncompressed(layersOf(name).compression, received);
  return { ...content, bytes: notTar(content.bytes) };
}

export interface Archived extends Omit<Decompressed, 'bytes'> {
  readonly members: AsyncIterable<ArchivedFile>;
}

/** The files in an archive; undefined when the name is not that of one. */
export function archived(name: string, received: AsyncIterable<Buffer>): Archived | undefined {
  const { compression, archive } = layersOf(name);
  if (archive === undefined) return undefined;
  const { bytes, isContainer, proof } = uncompressed(compression, received);
  const members = membersOf[archive](bytes);
  if (archive === 'zip') return { members, isContainer: true, proof: () => 'the checksum in the ZIP archive' };
  return { members, isContainer, proof };
}

function uncompressed(compression: Compression | undefined, received: AsyncIterable<Buffer>): Decompressed {
  if (compression === undefined) return { bytes: received, isContainer: false, proof: () => undefined };
  const checksums = { isMissing: false, parts: 0 };
  const proof = () =>
    checksums.isMissing || checksums.parts > 1 ? undefined : `the checksum of the ${compression} file`;
  return { bytes: decoders[compression](received, checksums), isContainer: true, proof };
}

/** What the checksums of a file say. */
interface Checksums {
  /** Content came without one. */
  isMissing: boolean;
  /** Members, frames or streams, each with a checksum of its own. Of several, none tells how many there were: cut between two, the file looks whole. */
  parts: number;
}

const decoders: Record<Compression, (received: AsyncIterable<Buffer>, checksums: Checksums) => AsyncIterable<Buffer>> =
  {
    gzip: unpackGzip,
    zstd: unpackFrames,
    bzip2: unpackBzip2,
    xz: unpackXz,
  };

/** Node unpacks all members as one. The last one ends with its own size, which is that of the content where it is the only one. */
async function* unpackGzip(received: AsyncIterable<Buffer>, checksums: Checksums): AsyncGenerator<Buffer> {
  let end: Buffer = Buffer.alloc(0);
  let unpacked = 0;
  for await (const chunk of unpack(seen(), createGunzip(), gzipError)) {
    unpacked += chunk.length;
    yield chunk;
  }
  checksums.parts = end.length === SIZE_BYTES && end.readUInt32LE() === unpacked % 2 ** 32 ? 1 : 2;

  async function* seen(): AsyncGenerator<Buffer> {
    for await (const chunk of received) {
      end = Buffer.concat([end, chunk.subarray(-SIZE_BYTES)]).subarray(-SIZE_BYTES);
      yield chunk;
    }
  }
}

const SIZE_BYTES = 4;

async function* unpackFrames(received: AsyncIterable<Buffer>, checksums: Checksums): AsyncGenerator<Buffer> {
  const chunks = received[Symbol.asyncIterator]();
  let rest: Buffer | undefined = (await chunks.next()).value;
  if (rest === undefined) throw emptyFile();
  for (let first = true; rest !== undefined; first = false) {
    checksums.parts += 1;
    yield* unpack(frame(), createZstdDecompress(), first ? zstdError : zstdTailError);
  }

  async function* frame(): AsyncGenerator<Buffer> {
    const scanner = new ZstdFrame();
    while (rest !== undefined && !scanner.ended) {
      const taken = scanner.take(rest);
      if (scanner.isHeaderRead && !scanner.hasChecksum) checksums.isMissing = true;
      yield rest.subarray(0, taken);
      rest = taken < rest.length ? rest.subarray(taken) : (await chunks.next()).value;
    }
  }
}

async function* unpack(
  received: AsyncIterable<Buffer>,
  unpacker: Transform & Pick<Zlib, 'bytesWritten'>,
  toError: (error: NodeJS.ErrnoException, start: Buffer) => NightfeedError,
): AsyncGenerator<Buffer> {
  let packed = 0;
  let start: Buffer = Buffer.alloc(0);
  let unpacked = 0;
  let sourceError: unknown;
  // The iterator ends with the content. The stream may fail after that: without a listener that would end the process, and code that
  // waits for the stream to be consumed would wait for ever.
  let late: NodeJS.ErrnoException | undefined;
  let consumed = () => {};
  unpacker.on('error', (error) => {
    late = error;
  });
  unpacker.on('close', () => consumed());
  const feeding = (async () => {
    for await (const chunk of received) {
      packed += chunk.length;
      if (start.length < gzipMagic.length) start = Buffer.concat([start, chunk.subarray(0, gzipMagic.length)]);
      await new Promise<void>((resolve) => {
        consumed = resolve;
        unpacker.write(chunk, () => resolve());
      });
      if (unpacker.destroyed) return;
      // Node ignores everything after a zero byte behind a gzip member. Tapes and some copy tools pad with zeros, but other bytes would be lost.
      const rest = chunk.subarray(chunk.length - Math.min(packed - unpacker.bytesWritten, chunk.length));
      if (rest.some((byte) => byte !== 0)) throw toError(new Error(FOLLOWED), start);
    }
    if (packed === 0) throw emptyFile();
    unpacker.end();
  })().catch((error: Error) => {
    sourceError = error;
    unpacker.destroy(error);
  });
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      checkUnpacked(packed, unpacked);
      yield chunk;
    }
    await feeding;
    const failure = sourceError ?? late;
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    throw error instanceof NightfeedError ? error : toError(error as NodeJS.ErrnoException, start);
  } finally {
    unpacker.destroy();
  }
}

function emptyFile(): NightfeedError {
  return new NightfeedError('EMPTY_FILE', 'the file has 0 bytes');
}

const FOLLOWED = 'something follows its content';

const gzipMagic = Buffer.from([0x1f, 0x8b]);

function gzipError(error: NodeJS.ErrnoException, start: Buffer): NightfeedError {
  if (error.code === 'Z_BUF_ERROR')
    return new NightfeedError('GZIP_TRUNCATED', 'the gzip stream ends early', { cause: error });
  if (!start.subarray(0, gzipMagic.length).equals(gzipMagic)) {
    return new NightfeedError('NOT_GZIP', 'the name ends in .gz, but the content is not gzip', { cause: error });
  }
  // Bytes after the zeros in a later chunk: Node starts to unpack them, although the content has ended.
  const why = error.code === 'ERR_STREAM_PUSH_AFTER_EOF' ? FOLLOWED : error.message;
  return new NightfeedError('GZIP_CRC', `the gzip stream is damaged: ${why}`, { cause: error });
}

function zstdError(error: NodeJS.ErrnoException): NightfeedError {
  if (error.code === 'Z_BUF_ERROR')
    return new NightfeedError('ZSTD_TRUNCATED', 'the zstd stream ends early', { cause: error });
  const name: ErrorName = error.code === 'ZSTD_error_prefix_unknown' ? 'NOT_ZSTD' : 'ZSTD_CORRUPT';
  const message =
    name === 'NOT_ZSTD'
      ? 'the name ends in .zst, but the content is not zstd'
      : `the zstd stream is damaged: ${error.message}`;
  return new NightfeedError(name, message, { cause: error });
}

function zstdTailError(error: NodeJS.ErrnoException): NightfeedError {
  if (error.code === 'Z_BUF_ERROR') return zstdError(error);
  return new NightfeedError('ZSTD_CORRUPT', `the first frame is followed by something else: ${error.message}`, {
    cause: error,
  });
}
