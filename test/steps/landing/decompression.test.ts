import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompressed } from '../../../lib/steps/landing/decompression.ts';
import { zip } from '../../support/vendors/zip.ts';

const text = Buffer.from('id,name\n1,apple\n'.repeat(5000));
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) % 251));
const zstd = (bytes: Buffer) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
const damaged = (bytes: Buffer, fromEnd: number) => {
  const copy = Buffer.from(bytes);
  copy[copy.length - fromEnd]! ^= 1;
  return copy;
};

describe('behind a gzip member', () => {
  const behind = async (bytes: Buffer, size: number) => unpack('a.gz', Buffer.concat([gzipSync('1,a\n'), bytes]), size);

  test.each([1, 2, 7, 25, 1000])('zeros are padding, and nothing may follow them, chunks of %i', async (size) => {
    expect(String(await behind(Buffer.alloc(9), size))).toBe('1,a\n');
    for (const lost of [
      Buffer.concat([Buffer.alloc(1), gzipSync('2,b\n')]),
      Buffer.from('\0\0abc'),
      Buffer.from('abc'),
    ])
      await expect(behind(lost, size)).rejects.toMatchObject({ name: 'GZIP_CRC' });
  });
});

test('a member behind zeros is told as what it is, in a later chunk too', async () => {
  async function* chunks() {
    for (const each of [gzipSync('1,a\n'), Buffer.alloc(3), gzipSync('2,b\n')]) yield each;
  }
  await expect(collect(decompressed('a.gz', chunks()).bytes)).rejects.toThrow('something follows its content');
});

describe('what arrives whole is unpacked whole, however it is chunked', () => {
  const cases: [string, string, Buffer, Buffer][] = [
    ['plain', 'a.csv', text, text],
    ['gzip', 'a.csv.gz', gzipSync(text), text],
    ['gzip of two members', 'a.csv.gz', Buffer.concat([gzipSync(text), gzipSync(noise)]), Buffer.concat([text, noise])],
    ['zip', 'a.csv.ZIP', zip([{ name: 'a', bytes: text }]), text],
    ['zip stored', 'a.zip', zip([{ name: 'a', bytes: text, stored: true }]), text],
    ['zip streamed', 'a.zip', zip([{ name: 'a', bytes: text, streamed: true }]), text],
    ['zip streamed with large sizes', 'a.zip', zip([{ name: 'a', bytes: text, streamed: true, zip64: true }]), text],
    [
      'zip of nothing, streamed with large sizes',
      'a.zip',
      zip([{ name: 'a', bytes: '', streamed: true, zip64: true }]),
      Buffer.alloc(0),
    ],
    ['zip with large sizes', 'a.zip', zip([{ name: 'a', bytes: noise, zip64: true }]), noise],
    ['zstd', 'a.csv.zst', zstd(text), text],
    ['zstd without checksum', 'a.csv.zst', zstdCompressSync(noise), noise],
    [
      'zstd of two frames',
      'a.csv.zst',
      Buffer.concat([zstd(text), zstdCompressSync(noise)]),
      Buffer.concat([text, noise]),
    ],
    [
      'zstd with a skippable frame',
      'a.csv.zst',
      Buffer.concat([zstd(text), skippable, zstd(text)]),
      Buffer.concat([text, text]),
    ],
  ];
  for (const [title, name, packed, expected] of cases) {
    test.each([1 << 20, 1000, 7])(`${title}, chunks of %i`, async (size) => {
      if (size === 7 && packed.length > 50_000) return;
      expect((await unpack(name, packed, size)).equals(expected)).toBe(true);
    });
  }
});

test.each([
  ['a.gz', gzipSync(text).subarray(0, -9), 'GZIP_TRUNCATED'],
  ['a.gz', gzipSync(text).subarray(0, -1), 'GZIP_TRUNCATED'],
  ['a.gz', damaged(gzipSync(text), 6), 'GZIP_CRC'],
  ['a.gz', Buffer.concat([gzipSync(text), Buffer.from('more')]), 'GZIP_CRC'],
  ['a.gz', text, 'NOT_GZIP'],
  ['a.gz', Buffer.alloc(0), 'EMPTY_FILE'],
  ['a.zst', zstd(text).subarray(0, -1), 'ZSTD_TRUNCATED'],
  ['a.zst', Buffer.concat([zstd(text), zstd(text).subarray(0, -5)]), 'ZSTD_TRUNCATED'],
  ['a.zst', damaged(zstd(text), 2), 'ZSTD_CORRUPT'],
  ['a.zst', Buffer.concat([zstd(text), Buffer.from('more bytes')]), 'ZSTD_CORRUPT'],
  ['a.zst', text, 'NOT_ZSTD'],
  ['a.zst', Buffer.alloc(0), 'EMPTY_FILE'],
  ['a.gz', gzipSync(Buffer.alloc(100_000_000)), 'DECOMPRESSION_LIMIT'],
  ['a.zst', zstd(Buffer.alloc(100_000_000)), 'DECOMPRESSION_LIMIT'],
])('%s damaged (%#) is refused', async (name, bytes, expected) => {
  await expect(unpack(name, bytes, 4096)).rejects.toMatchObject({ name: expected });
});

describe('one bit turned', () => {
  const rows = Array.from({ length: 14 }, (_, n) => `${n},name ${n * 7919},${(n * 31) % 17}.50\n`);
  const small = Buffer.from(['id,name,price\n', ...rows].join(''));
  const half = Math.floor(small.length / 2);
  const frames = [small.subarray(0, half), small.subarray(half)];

  test.each([
    ['a.gz', 'one member', gzipSync(small), /^(GZIP_(TRUNCATED|CRC)|NOT_GZIP)$/],
    ['a.gz', 'two members', Buffer.concat(frames.map((each) => gzipSync(each))), /^(GZIP_(TRUNCATED|CRC)|NOT_GZIP)$/],
    ['a.zst', 'one frame', zstd(small), /^(ZSTD_(TRUNCATED|CORRUPT)|NOT_ZSTD)$/],
    ['a.zst', 'two frames', Buffer.concat(frames.map(zstd)), /^(ZSTD_(TRUNCATED|CORRUPT)|NOT_ZSTD)$/],
  ])('never makes another file of %s with %s', async (name, _parts, whole, errors) => {
    let same = 0;
    for (const [bit, turned] of turnedBits(whole)) {
      const found = await unpack(name, turned, 4096).catch((error: Error) => error.name);
      if (typeof found === 'string') expect(found, String(bit)).toMatch(errors);
      else expect(found.equals(small), String(bit)).toBe(true);
      if (typeof found !== 'string') same += 1;
    }
    // Time, system and hints in the header of a gzip member, and what fills its last byte; of a zstd frame the size of the window.
    expect(same).toBeLessThan(whole.length);
  });

  test('of zstd without a checksum is an error or other bytes, of which nobody says that they are whole', async () => {
    const whole = zstdCompressSync(small);
    for (const [bit, turned] of turnedBits(whole)) {
      const opened = decompressed('a.zst', chunksOf(turned, 4096));
      const found = await collect(opened.bytes).catch((error: Error) => error.name);
      if (typeof found === 'string')
        expect(found, String(bit)).toMatch(/^(ZSTD_(TRUNCATED|CORRUPT)|NOT_ZSTD|DECOMPRESSION_LIMIT)$/);
      else expect(opened.proof(), String(bit)).toBeUndefined();
    }
  });

  function* turnedBits(whole: Buffer): Generator<[bit: number, bytes: Buffer]> {
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const turned = Buffer.from(whole);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      yield [bit, turned];
    }
  }
});

test('a failure of the source is passed on as it is', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield gzipSync(text).subarray(0, 20);
    throw new Error('connection reset');
  }
  await expect(collect(decompressed('a.gz', broken()).bytes)).rejects.toThrow('connection reset');
});

function unpack(name: string, bytes: Buffer, size: number): Promise<Buffer> {
  return collect(decompressed(name, chunksOf(bytes, size)).bytes);
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
