import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompressed } from '../../../lib/steps/landing/decompression.ts';
import { changed, text } from '../../inputs/plain-table.ts';
import { packed } from '../../support/vendors/packed.ts';

const whole = text(changed);
const bz2 = packed('changed.csv.bz2');
const xz = packed('crc64.csv.xz');
const sha256 = packed('sha256.csv.xz');

describe('bzip2 and xz are unpacked whole, however they are chunked', () => {
  test.each([
    'changed.csv.bz2',
    'two-streams.csv.bz2',
    'none.csv.xz',
    'crc32.csv.xz',
    'crc64.csv.xz',
    'sha256.csv.xz',
    'two-streams.csv.xz',
  ])('%s', async (name) => {
    for (const size of [1 << 20, 7, 1]) expect(await unpacked(name, packed(name), size)).toBe(whole);
  });

  test('also where the suffix is in upper case', async () => expect(await unpacked('T.BZ2', bz2)).toBe(whole));
});

describe('what proves a file', () => {
  test.each([
    ['changed.csv.bz2', 'the checksum of the bzip2 file'],
    ['crc64.csv.xz', 'the checksum of the xz file'],
    ['none.csv.xz', undefined],
    ['two-streams.csv.bz2', undefined],
    ['two-streams.csv.xz', undefined],
  ])('%s', async (name, proof) => {
    expect(await proofOf(name, packed(name))).toBe(proof);
  });

  const zstd = (of: string) => zstdCompressSync(of, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  test.each<[string, string, Buffer[], string | undefined]>([
    ['a gzip', 'a.gz', [gzipSync(whole)], 'the checksum of the gzip file'],
    ['two gzip members', 'a.gz', [gzipSync('id\n'), gzipSync('1')], undefined],
    ['a gzip member behind an empty one', 'a.gz', [gzipSync(''), gzipSync('1\n')], 'the checksum of the gzip file'],
    ['an empty gzip member behind another one', 'a.gz', [gzipSync('1\n'), gzipSync('')], undefined],
    ['a zstd', 'a.zst', [zstd(whole)], 'the checksum of the zstd file'],
    ['two zstd frames', 'a.zst', [zstd('id\n'), zstd('1')], undefined],
  ])('%s', async (_about, name, parts, proof) => {
    for (const size of [100, 1]) expect(await proofOf(name, Buffer.concat(parts), size)).toBe(proof);
  });

  async function proofOf(name: string, bytes: Buffer, size = 100) {
    const file = decompressed(name, chunksOf(bytes, size));
    for await (const _ of file.bytes);
    return file.proof();
  }
});

describe('refused', () => {
  test.each<[string, string, Buffer, string]>([
    ['text named .bz2', 'a.bz2', Buffer.from(whole), 'NOT_BZIP2'],
    ['no bytes named .bz2', 'a.bz2', Buffer.alloc(0), 'EMPTY_FILE'],
    ['a bzip2 of level 0', 'a.bz2', changedAt(bz2, 3, 0x30), 'NOT_BZIP2'],
    ['a damaged bzip2', 'a.bz2', changedAt(bz2, 60), 'BZIP2_CORRUPT'],
    ['a damaged checksum of a block', 'a.bz2', changedAt(bz2, 11), 'BZIP2_CORRUPT'],
    ['a damaged checksum of the stream', 'a.bz2', changedAt(bz2, bz2.length - 2), 'BZIP2_CORRUPT'],
    ['a randomised block', 'a.bz2', changedAt(bz2, 14, bz2[14]! | 0x80), 'BZIP2_CORRUPT'],
    ['text behind a bzip2', 'a.bz2', Buffer.concat([bz2, Buffer.from('more')]), 'BZIP2_CORRUPT'],
    ['zeros behind a bzip2', 'a.bz2', Buffer.concat([bz2, Buffer.alloc(8)]), 'BZIP2_CORRUPT'],
    ['a second bzip2 that is cut', 'a.bz2', Buffer.concat([bz2, bz2.subarray(0, -9)]), 'BZIP2_TRUNCATED'],
    ['a bomb of bzip2', 'a.bz2', packed('zeros.bz2'), 'DECOMPRESSION_LIMIT'],
    ['text named .xz', 'a.xz', Buffer.from(whole), 'NOT_XZ'],
    ['no bytes named .xz', 'a.xz', Buffer.alloc(0), 'EMPTY_FILE'],
    ['zeros before an xz', 'a.xz', Buffer.concat([Buffer.alloc(4), xz]), 'NOT_XZ'],
    ['a damaged xz', 'a.xz', changedAt(xz, 100), 'XZ_CORRUPT'],
    ['a damaged SHA-256', 'a.xz', changedAt(sha256, sha256.length - 40), 'XZ_CORRUPT'],
    ['a check that is reserved', 'a.xz', changedAt(xz, 7, 2), 'XZ_CORRUPT'],
    ['text behind an xz', 'a.xz', Buffer.concat([xz, Buffer.from('more')]), 'XZ_CORRUPT'],
    ['zeros behind an xz that are no whole words', 'a.xz', Buffer.concat([xz, Buffer.alloc(3)]), 'XZ_CORRUPT'],
    ['a second xz that is cut', 'a.xz', Buffer.concat([xz, xz.subarray(0, -9)]), 'XZ_TRUNCATED'],
    ['a filter for sound', 'a.xz', packed('delta.csv.xz'), 'ARCHIVE_SHAPE'],
    ['a window of 1 GB', 'a.xz', packed('large-window.csv.xz'), 'ARCHIVE_SHAPE'],
    ['a bomb of xz', 'a.xz', packed('zeros.xz'), 'DECOMPRESSION_LIMIT'],
  ])('%s', async (_about, name, bytes, error) => {
    await expect(unpacked(name, bytes)).rejects.toMatchObject({ name: error });
  });

  test.each([
    ['a.bz2', bz2, /^(BZIP2_TRUNCATED|EMPTY_FILE)$/],
    ['a.xz', xz, /^(XZ_TRUNCATED|EMPTY_FILE)$/],
  ])('%s cut at any byte', async (name, bytes, expected) => {
    for (let length = 0; length < bytes.length; length += 1)
      await expect(unpacked(name, bytes.subarray(0, length)), String(length)).rejects.toMatchObject({
        name: expect.stringMatching(expected),
      });
  });

  test.each([
    ['a.bz2', bz2, /^(NOT_BZIP2|BZIP2_\w+)$/],
    ['a.xz', xz, /^(NOT_XZ|XZ_\w+|ARCHIVE_SHAPE)$/],
  ])('%s with one bit turned', async (name, bytes, expected) => {
    // Each byte with another bit; compression.python.test.ts turns all of them.
    for (let bit = 0; bit < bytes.length * 8; bit += 9) {
      const turned = changedAt(bytes, bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
      const found = await unpacked(name, turned).catch((error: Error) => error.name);
      // bzip2 tells the size of its blocks only for memory.
      if (found !== whole || name === 'a.xz') expect(found, String(bit)).toMatch(expected);
    }
  });
});

async function unpacked(name: string, bytes: Buffer, size = 4096): Promise<string> {
  const found: Buffer[] = [];
  for await (const chunk of decompressed(name, chunksOf(bytes, size)).bytes) found.push(chunk);
  return String(Buffer.concat(found));
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function changedAt(bytes: Buffer, at: number, to = bytes[at]! ^ 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = to;
  return copy;
}
