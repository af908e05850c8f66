import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { archived, decompressed } from '../../../lib/steps/landing/decompression.ts';
import { facts, longName, tar } from '../../support/vendors/tar.ts';
import { zip } from '../../support/vendors/zip.ts';

const orders = { name: 'out/orders.csv', bytes: 'id,name\n1,apple\n'.repeat(300) };
const notes = { name: 'README', bytes: 'hello\n' };

describe('the members of an archive, however it is chunked', () => {
  const two = { [orders.name]: orders.bytes, [notes.name]: notes.bytes };
  const long = `${'folder/'.repeat(30)}orders.csv`;
  test.each<[string, string, Buffer, Record<string, string>]>([
    ['zip', 'a.zip', zip([orders, notes]), two],
    ['zip of a writer that streams', 'a.zip', zip([orders, notes].map((each) => ({ ...each, streamed: true }))), two],
    ['stored zip64', 'a.zip', zip([orders, notes].map((each) => ({ ...each, stored: true, zip64: true }))), two],
    ['tar', 'a.tar', tar([orders, notes]), two],
    ['tar.gz', 'a.TAR.gz', gzipSync(tar([orders, notes])), two],
    ['tgz', 'a.tgz', gzipSync(tar([orders, notes])), two],
    ['tar with records of 10 kB', 'a.tar', tar([orders, notes], { end: 17 }), two],
    ['tar with folders', 'a.tar', tar([{ name: './', flag: '5' }, { name: 'out', flag: '5' }, orders, notes]), two],
    [
      'names that begin with ./',
      'a.tar',
      tar([orders, notes].map((each) => ({ ...each, name: `./${each.name}` }))),
      two,
    ],
    ['GNU', 'a.tar', tar([orders, notes].map((each) => ({ ...each, magic: 'ustar  \0', binarySize: true }))), two],
    ['older than POSIX', 'a.tar', tar([orders, notes].map((each) => ({ ...each, magic: '', flag: '\0' }))), two],
    ['a name in two fields', 'a.tar', tar([{ ...notes, prefix: 'out' }]), { 'out/README': notes.bytes }],
    ['a long name of GNU', 'a.tar', tar([longName(long), orders]), { [long]: orders.bytes }],
    ['a long name of POSIX', 'a.tar', tar([facts({ mtime: '1.5', path: long }), orders]), { [long]: orders.bytes }],
    ['a size of POSIX', 'a.tar', tar([facts({ size: '6' }), { ...notes, size: 0 }]), { README: notes.bytes }],
    ['a comment for all', 'a.tar', tar([facts({ comment: 'x' }, 'g'), orders, notes]), two],
    ['an empty file', 'a.tar', tar([{ name: 'a' }]), { a: '' }],
  ])('%s', async (_about, name, bytes, expected) => {
    for (const size of [1 << 20, 511, 7]) expect(await unpacked(name, bytes, size)).toEqual(expected);
  });

  test.each(['a.zip', 'a.tar'])('members of %s that nobody reads are passed over', async (name) => {
    const bytes = name === 'a.zip' ? zip([orders, notes]) : tar([orders, notes]);
    const names: string[] = [];
    for await (const member of archived(name, chunksOf(bytes, 100))!.members) names.push(member.name);
    expect(names).toEqual([orders.name, notes.name]);
  });
});

describe('a tar archive is refused', () => {
  const whole = tar([orders, notes]);
  const header = (at: number) => changed(whole, at);
  test.each<[string, Buffer, string]>([
    ['that is text', Buffer.from(orders.bytes), 'NOT_TAR'],
    ['that is short text', Buffer.from('id\n1\n'), 'NOT_TAR'],
    ['of no bytes', Buffer.alloc(0), 'EMPTY_FILE'],
    ['without its end', tar([orders, notes], { end: 0 }), 'TAR_TRUNCATED'],
    ['with one block as its end', tar([orders, notes], { end: 1 }), 'TAR_TRUNCATED'],
    ['cut between two files', whole.subarray(0, 512 + 5120), 'TAR_TRUNCATED'],
    ['cut in a file', whole.subarray(0, 2000), 'TAR_TRUNCATED'],
    ['cut in a header', whole.subarray(0, 512 + 5120 + 100), 'TAR_TRUNCATED'],
    ['with another archive behind it', Buffer.concat([whole, whole]), 'TAR_CORRUPT'],
    [
      'with something between its blocks of zeros',
      Buffer.concat([tar([orders], { end: 1 }), tar([notes])]),
      'TAR_CORRUPT',
    ],
    ['with a damaged name', header(3), 'TAR_CORRUPT'],
    ['with a damaged size', header(130), 'TAR_CORRUPT'],
    ['with a damaged checksum', header(150), 'TAR_CORRUPT'],
    ['with something in the padding', tar([{ ...notes, padding: 'x' }]), 'TAR_CORRUPT'],
    ['with a folder that has content', tar([{ name: 'a/', flag: '5', bytes: 'x' }]), 'TAR_CORRUPT'],
    ['with malformed facts', tar([{ name: 'x', flag: 'x', bytes: '99 path=a\n' }, notes]), 'TAR_CORRUPT'],
    ['with facts without a name', tar([{ name: 'x', flag: 'x', bytes: '5 =a\n' }, notes]), 'TAR_CORRUPT'],
    ['with a name for all entries', tar([facts({ path: 'a' }, 'g'), notes]), 'TAR_CORRUPT'],
    ['with facts of nothing', tar([facts({ path: 'a' })]), 'TAR_CORRUPT'],
    ['with endless facts', tar([{ name: 'x', flag: 'x', size: 2_000_000 }]), 'TAR_CORRUPT'],
    ['with a size that no file has', tar([{ ...notes, size: 2 ** 60, binarySize: true }]), 'TAR_CORRUPT'],
    ['with a link', tar([{ name: 'orders.csv', flag: '2', link: '/etc/passwd' }]), 'ARCHIVE_PATH'],
    ['with a hard link', tar([orders, { name: 'b.csv', flag: '1', link: orders.name }]), 'ARCHIVE_PATH'],
    ['with a device', tar([{ name: 'a', flag: '3' }]), 'ARCHIVE_PATH'],
    ['with a path upwards', tar([{ ...notes, name: '../README' }]), 'ARCHIVE_PATH'],
    ['with a path upwards in its facts', tar([facts({ path: 'a/../../b' }), notes]), 'ARCHIVE_PATH'],
    ['with an absolute path', tar([{ ...notes, name: '/etc/passwd' }]), 'ARCHIVE_PATH'],
    ['with an absolute path behind ./', tar([{ ...notes, name: './/etc/passwd' }]), 'ARCHIVE_PATH'],
    ['with a line end in a name', tar([{ ...notes, name: 'a\nb' }]), 'ARCHIVE_PATH'],
    ['with a name of 2000 bytes', tar([longName('x'.repeat(2000)), notes]), 'ARCHIVE_PATH'],
    ['with a sparse file of GNU', tar([{ ...notes, flag: 'S' }]), 'ARCHIVE_SHAPE'],
    ['with a sparse file of POSIX', tar([facts({ 'GNU.sparse.major': '1' }), notes]), 'ARCHIVE_SHAPE'],
    ['of several volumes', tar([{ ...notes, flag: 'M' }]), 'ARCHIVE_SHAPE'],
    ['with a name twice', tar([notes, { ...notes, name: './README' }]), 'ARCHIVE_SHAPE'],
    ['with a tar in it', tar([{ name: 'a', bytes: tar([notes]) }]), 'ARCHIVE_SHAPE'],
    ['with a zip in it', tar([{ name: 'a', bytes: zip([notes]) }]), 'ARCHIVE_SHAPE'],
  ])('%s', async (_about, bytes, error) => {
    for (const size of [1 << 20, 300])
      await expect(unpacked('a.tar', bytes, size)).rejects.toMatchObject({ name: error });
  });
});

test.each([
  ['a.csv', (bytes: Buffer) => bytes],
  ['a.gz', gzipSync],
])('a tar archive named %s is refused', async (name, pack) => {
  const { bytes } = decompressed(name, chunksOf(pack(tar([notes])), 100));
  const drained = async () => {
    for await (const _ of bytes);
  };
  await expect(drained()).rejects.toMatchObject({ name: 'BAD_MAGIC' });
});

describe('a ZIP archive is refused', () => {
  const whole = zip([orders, notes]);
  const end = whole.length - 22;
  const directory = whole.readUInt32LE(end + 16);
  test.each<[string, Buffer, string]>([
    ['with a name twice', zip([notes, notes]), 'ARCHIVE_SHAPE'],
    ['whose directory tells another place of a file', changed(whole, directory + 42), 'ZIP_CORRUPT'],
    ['whose directory lists a file twice', zip([orders, notes], { listed: [orders.name, orders.name] }), 'ZIP_CORRUPT'],
    ['whose end counts other files', changed(whole, end + 10), 'ZIP_CORRUPT'],
    ['whose end tells another length of the directory', changed(whole, end + 12), 'ZIP_CORRUPT'],
    ['whose end tells another place of the directory', changed(whole, end + 16), 'ZIP_CORRUPT'],
    ['of several volumes', changed(whole, end + 4), 'ZIP_CORRUPT'],
    ['in which a file lies within another', overlapping(), 'ZIP_CORRUPT'],
    ['with a damaged file that nobody reads', changed(whole, whole.indexOf('README') + 8), 'ZIP_CORRUPT'],
    ['with a link that nobody reads', zip([orders, { ...notes, mode: 0o120777 }]), 'ARCHIVE_PATH'],
  ])('%s', async (_about, bytes, error) => {
    for await (const read of [true, false])
      await expect(unpacked('a.zip', bytes, 300, read)).rejects.toMatchObject({ name: error });
  });

  /** The second file's header and bytes stand within the first, stored file, where the directory says that they are. */
  function overlapping(): Buffer {
    const inner = Buffer.concat([Buffer.from('id\n'), zip([notes]).subarray(0, 30 + notes.name.length + 8)]);
    const outer = zip([{ name: 'a', bytes: inner, stored: true }, notes]);
    const at = outer.readUInt32LE(outer.length - 6);
    const second = outer.indexOf('PK\x01\x02', at + 4, 'latin1');
    outer.writeUInt32LE(31 + 'id\n'.length, second + 42);
    return outer;
  }
});

describe('one bit turned', () => {
  const two = { [orders.name]: orders.bytes, [notes.name]: notes.bytes };
  test.each([
    ['a.zip', zip([orders, notes])],
    ['a.zip', zip([orders, notes].map((each) => ({ ...each, streamed: true })))],
    ['a.tgz', gzipSync(tar([orders, notes]))],
  ])('never makes other members of %s (%#)', async (name, whole) => {
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const turned = Buffer.from(whole);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      const found = await unpacked(name, turned, 4096).catch((error: Error) => error.name);
      if (typeof found === 'string')
        expect(found, String(bit)).toMatch(/^(NOT_)?(ZIP|GZIP|TAR)|^ARCHIVE_|^DECOMPRESSION/);
      // Times, versions and comments have no checksum, and mean nothing here.
      else expect(found, String(bit)).toEqual(two);
    }
  });

  test('in a header of a tar that is not packed never makes another member', async () => {
    const whole = tar([notes]);
    let same = 0;
    for (let bit = 0; bit < 512 * 8; bit += 1) {
      const turned = Buffer.from(whole);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      const found = await unpacked('a.tar', turned, 4096).catch((error: Error) => error.name);
      if (typeof found === 'string') expect(found, String(bit)).toMatch(/^(TAR_CORRUPT|NOT_TAR)$/);
      else expect(found, String(bit)).toEqual({ [notes.name]: notes.bytes });
      if (typeof found !== 'string') same += 1;
    }
    // The checksum's own digits: a first 0 may as well be a blank.
    expect(same).toBeLessThan(8);
  });
});

describe('what is too much', () => {
  test('members that are small each and a bomb together', async () => {
    const entries = Array.from({ length: 5 }, (_, n) => ({ name: `${n}.csv`, bytes: Buffer.alloc(30_000_000) }));
    await expect(unpacked('a.zip', zip(entries), 1 << 20, false)).rejects.toMatchObject({
      name: 'DECOMPRESSION_LIMIT',
    });
  });

  test('a bomb of a tar', async () => {
    const bytes = gzipSync(tar([{ name: 'a', bytes: Buffer.alloc(100_000_000) }]));
    await expect(unpacked('a.tgz', bytes, 1 << 16, false)).rejects.toMatchObject({ name: 'DECOMPRESSION_LIMIT' });
  });

  test.each(['a.zip', 'a.tar'])('more than 120,000 entries in %s', async (name) => {
    const entry = { name: 'x', bytes: '', stored: true };
    const one = name === 'a.zip' ? zip([entry]).subarray(0, 31) : tar([entry], { end: 0 });
    async function* endless() {
      for (let n = 0; n < 120_001; n += 1) {
        const named = Buffer.from(one);
        if (name === 'a.zip') yield Buffer.concat([renamed(named, 26, String(n)), Buffer.from(String(n))]);
        else yield tar([{ name: String(n) }], { end: 0 });
      }
    }
    const renamed = (local: Buffer, at: number, text: string) => {
      local.writeUInt16LE(text.length, at);
      return local.subarray(0, 30);
    };
    const before = process.memoryUsage().heapUsed;
    const names = (async () => {
      let count = 0;
      for await (const _ of archived(name, endless())!.members) count += 1;
      return count;
    })();
    await expect(names).rejects.toMatchObject({ name: 'ARCHIVE_SHAPE' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000);
  });
});

async function unpacked(name: string, bytes: Buffer, size: number, read = true): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const member of archived(name, chunksOf(bytes, size))!.members) {
    found[member.name] = '';
    if (read) for await (const chunk of member.bytes()) found[member.name] += String(chunk);
  }
  return found;
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
