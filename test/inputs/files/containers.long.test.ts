import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe } from 'vitest';
import { accepted, refused, tableOf } from '../../support/nights/input-case.ts';
import { IntakeLab } from '../../support/nights/intake-lab.ts';
import { packed } from '../../support/vendors/packed.ts';
import { facts, tar } from '../../support/vendors/tar.ts';
import { zip } from '../../support/vendors/zip.ts';
import { changed, columns, header, lines, row3, subject, testFiles, text } from '../plain-table.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

describe('gzip and zstd', () => {
  const whole = gzipSync(text(changed));
  testFiles(
    () => lab,
    subject({}, gzipSync(text()), 't.csv.gz'),
    [
      ['as it should be', whole, accepted(row3)],
      ['plain text', text(changed), refused('NOT_GZIP')],
      ['a zip', zip([{ name: 't.csv', bytes: text() }]), refused('NOT_GZIP')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['gzip of 0 bytes', gzipSync(''), refused('EMPTY_FILE')],
      ['truncated', whole.subarray(0, -20), refused('GZIP_TRUNCATED')],
      ['without its last byte', whole.subarray(0, -1), refused('GZIP_TRUNCATED')],
      ['a wrong CRC', damaged(whole, 6), refused('GZIP_CRC')],
      ['a wrong length', damaged(whole, 2), refused('GZIP_CRC')],
      ['bytes behind it', Buffer.concat([whole, Buffer.from('more')]), refused('GZIP_CRC')],
      [
        'two concatenated members',
        Buffer.concat([gzipSync(text(changed).slice(0, 90)), gzipSync(text(changed).slice(90))]),
        accepted(row3),
      ],
      ['a bomb', gzipSync(`${text()}${'\n'.repeat(100_000_000)}`), refused('DECOMPRESSION_LIMIT')],
      ['a tar in it', gzipSync(tar([{ name: 't.csv', bytes: text(changed) }])), refused('BAD_MAGIC')],
      ['gzip within gzip', gzipSync(whole), refused('BAD_MAGIC')],
    ],
    't.csv.gz',
  );
  const zstd = zstdCompressSync(text(changed), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  testFiles(
    () => lab,
    subject({}, zstdCompressSync(text()), 't.csv.zst'),
    [
      ['zstd as it should be', zstd, accepted(row3)],
      ['zstd truncated', zstd.subarray(0, -6), refused('ZSTD_TRUNCATED')],
      ['zstd with a wrong checksum', damaged(zstd, 2), refused('ZSTD_CORRUPT')],
      ['plain text named .zst', text(changed), refused('NOT_ZSTD')],
    ],
    't.csv.zst',
  );
});

describe('bzip2 and xz', () => {
  testFiles(
    () => lab,
    subject({}, packed('base.csv.bz2'), 't.csv.bz2'),
    [
      ['bzip2 as it should be', packed('changed.csv.bz2'), accepted(row3)],
      ['two concatenated bzip2 streams', packed('two-streams.csv.bz2'), accepted(row3)],
      ['plain text named .bz2', text(changed), refused('NOT_BZIP2')],
      ['bzip2 truncated', packed('changed.csv.bz2').subarray(0, -6), refused('BZIP2_TRUNCATED')],
      ['bzip2 with a wrong checksum', damaged(packed('changed.csv.bz2'), 2), refused('BZIP2_CORRUPT')],
    ],
    't.csv.bz2',
  );
  testFiles(
    () => lab,
    subject({}, packed('base.csv.xz'), 't.csv.xz'),
    [
      ['xz as it should be', packed('crc64.csv.xz'), accepted(row3)],
      ['two concatenated xz streams', packed('two-streams.csv.xz'), accepted(row3)],
      ['plain text named .xz', text(changed), refused('NOT_XZ')],
      ['xz truncated', packed('crc64.csv.xz').subarray(0, -6), refused('XZ_TRUNCATED')],
      ['xz with a wrong checksum', damaged(packed('crc64.csv.xz'), 40), refused('XZ_CORRUPT')],
      ['xz with a window of 1 GB', packed('large-window.csv.xz'), refused('ARCHIVE_SHAPE')],
    ],
    't.csv.xz',
  );
});

describe('zip', () => {
  const file = { name: 't.csv', bytes: text(changed) };
  const whole = zip([file]);
  const big = {
    name: 't.csv',
    bytes: text([...changed, ...Array.from({ length: 3 }, (_, n) => `${n + 21},${'x'.repeat(900_000)},1`)]),
  };
  testFiles(
    () => lab,
    subject({}, zip([{ name: 't.csv', bytes: text() }]), 't.csv.zip'),
    [
      ['one file', whole, accepted(row3)],
      ['stored', zip([{ ...file, stored: true }]), accepted(row3)],
      ['of a writer that streams', zip([{ ...file, streamed: true }]), accepted(row3)],
      ['zip64', zip([{ ...file, zip64: true }]), accepted(row3)],
      [
        'zip64 of a writer that streams, with a comment',
        zip([{ ...file, zip64: true, streamed: true }], { comment: 'hi' }),
        accepted(row3),
      ],
      [
        'in a folder',
        zip([
          { name: 'out/', bytes: '', stored: true },
          { ...file, name: 'out/t.csv' },
        ]),
        accepted(row3),
      ],
      ['plain text', text(changed), refused('NOT_ZIP')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['an empty file in it', zip([{ ...file, bytes: '' }]), refused('EMPTY_FILE')],
      ['nothing in it', zip([]), refused('ARCHIVE_SHAPE')],
      ['only a folder', zip([{ name: 'out/', bytes: '', stored: true }]), refused('ARCHIVE_SHAPE')],
      ['two files', zip([file, { name: 'u.csv', bytes: text() }]), refused('ARCHIVE_SHAPE')],
      ['a note before the file', zip([{ name: 'README', bytes: 'hello\n' }, file]), refused('ARCHIVE_SHAPE')],
      ['two large files', zip([big, big]), refused('ARCHIVE_SHAPE')],
      [
        'very many entries',
        zip(Array.from({ length: 3000 }, (_, n) => ({ name: `${n}/`, bytes: '', stored: true }))),
        refused('ARCHIVE_SHAPE'),
      ],
      ['a zip in it', zip([{ name: 't.zip', bytes: whole }]), refused('ARCHIVE_SHAPE')],
      ['a gzip in it', zip([{ ...file, bytes: gzipSync(text()) }]), refused('ARCHIVE_SHAPE')],
      ['another method', zip([{ ...file, method: 12 }]), refused('ARCHIVE_SHAPE')],
      ['a path upwards', zip([{ ...file, name: '../../etc/x' }]), refused('ARCHIVE_PATH')],
      ['a path upwards inside', zip([{ ...file, name: 'a/../../t.csv' }]), refused('ARCHIVE_PATH')],
      ['a path upwards as on Windows', zip([{ ...file, name: '..\\t.csv' }]), refused('ARCHIVE_PATH')],
      ['an absolute path', zip([{ ...file, name: '/etc/passwd' }]), refused('ARCHIVE_PATH')],
      ['an absolute path as on Windows', zip([{ ...file, name: 'C:\\t.csv' }]), refused('ARCHIVE_PATH')],
      ['a name with a line end', zip([{ ...file, name: 'a\nb' }]), refused('ARCHIVE_PATH')],
      ['a link', zip([{ name: 't.csv', bytes: '/etc/passwd', mode: 0o120777 }]), refused('ARCHIVE_PATH')],
      ['a link that says what a file would', zip([{ ...file, mode: 0o120777 }]), refused('ARCHIVE_PATH')],
      ['another path in the directory', zip([file], { listed: ['../t.csv'] }), refused('ARCHIVE_PATH')],
      ['another name in the directory', zip([file], { listed: ['u.csv'] }), refused('ZIP_CORRUPT')],
      ['encrypted', zip([{ ...file, encrypted: true }]), refused('ARCHIVE_ENCRYPTED')],
      ['encrypted with AES', zip([{ ...file, method: 99 }]), refused('ARCHIVE_ENCRYPTED')],
      ['a wrong CRC', zip([{ ...file, crc: 1 }]), refused('ZIP_CORRUPT')],
      ['a wrong CRC behind the data', zip([{ ...file, crc: 1, streamed: true }]), refused('ZIP_CORRUPT')],
      ['a wrong size', zip([{ ...file, size: 100 }]), refused('ZIP_CORRUPT')],
      ['damaged data', damaged(whole, whole.length - 60), refused('ZIP_CORRUPT')],
      ['truncated', whole.subarray(0, -10), refused('ZIP_TRUNCATED')],
      ['truncated in the data', whole.subarray(0, 100), refused('ZIP_TRUNCATED')],
      ['without its directory', whole.subarray(0, -75), refused('ZIP_TRUNCATED')],
      ['bytes behind it', Buffer.concat([whole, Buffer.from('more')]), refused('ZIP_CORRUPT')],
      ['a bomb', zip([{ ...file, bytes: `${text()}${'\n'.repeat(100_000_000)}` }]), refused('DECOMPRESSION_LIMIT')],
      [
        'a file cut before it was packed',
        zip([{ ...file, bytes: text(changed).slice(0, -2) }]),
        refused('NO_FINAL_NEWLINE'),
      ],
    ],
    't.csv.zip',
  );
});

describe('tar', () => {
  const file = { name: 't.csv', bytes: text(changed) };
  const whole = gzipSync(tar([file]));
  testFiles(
    () => lab,
    subject({}, gzipSync(tar([{ ...file, bytes: text() }])), 't.csv.tgz'),
    [
      ['one file', whole, accepted(row3)],
      [
        'in a folder',
        gzipSync(
          tar([
            { name: 'out/', flag: '5' },
            { ...file, name: './out/t.csv' },
          ]),
        ),
        accepted(row3),
      ],
      ['plain text', gzipSync(text(changed)), refused('NOT_TAR')],
      ['not packed', tar([file]), refused('NOT_GZIP')],
      ['0 bytes', '', refused('EMPTY_FILE')],
      ['an empty file in it', gzipSync(tar([{ name: 't.csv' }])), refused('EMPTY_FILE')],
      ['nothing in it', gzipSync(tar([])), refused('ARCHIVE_SHAPE')],
      ['two files', gzipSync(tar([file, { name: 'u.csv', bytes: text() }])), refused('ARCHIVE_SHAPE')],
      ['a gzip in it', gzipSync(tar([{ ...file, bytes: gzipSync(text()) }])), refused('ARCHIVE_SHAPE')],
      ['a sparse file', gzipSync(tar([facts({ 'GNU.sparse.major': '1' }), file])), refused('ARCHIVE_SHAPE')],
      ['a path upwards', gzipSync(tar([{ ...file, name: '../t.csv' }])), refused('ARCHIVE_PATH')],
      ['a link', gzipSync(tar([{ name: 't.csv', flag: '2', link: '/etc/passwd' }])), refused('ARCHIVE_PATH')],
      ['without its end', gzipSync(tar([file], { end: 1 })), refused('TAR_TRUNCATED')],
      ['another archive behind it', gzipSync(Buffer.concat([tar([file]), tar([file])])), refused('TAR_CORRUPT')],
      ['a damaged header', gzipSync(damaged(tar([file]), tar([file]).length - 10)), refused('TAR_CORRUPT')],
      ['damaged on its way', damaged(whole, 6), refused('GZIP_CRC')],
      [
        'a bomb',
        gzipSync(tar([{ ...file, bytes: `${text()}${'\n'.repeat(100_000_000)}` }])),
        refused('DECOMPRESSION_LIMIT'),
      ],
      [
        'a file cut before it was packed',
        gzipSync(tar([{ ...file, bytes: text(changed).slice(0, -2) }])),
        refused('NO_FINAL_NEWLINE'),
      ],
    ],
    't.csv.tgz',
  );
});

describe('members', () => {
  const part = (name: string, body: readonly string[]) => ({ name, bytes: text(body) });
  const notes = { name: 'README.txt', bytes: 'hello\n' };
  const parts = (body: readonly string[]) => [part('t2.csv', body.slice(10)), part('t1.csv', body.slice(0, 10))];
  const of = (files: string, base: Buffer) => ({ table: tableOf(columns, { files }), base: { 't.csv.zip': base } });
  testFiles(
    () => lab,
    of('t.csv.zip/t*.csv', zip(parts(lines))),
    [
      ['parts of a table', zip(parts(changed)), accepted(row3)],
      ['in another order', zip(parts(changed).reverse()), accepted(row3)],
      ['as one', zip([part('t.csv', changed)]), accepted(row3)],
      ['a note beside them', zip([...parts(changed), notes]), refused('ARCHIVE_SHAPE')],
      [
        'one of another header',
        zip([part('t1.csv', changed), { name: 't2.csv', bytes: `x${header}\n` }]),
        refused('HEADER_MISMATCH'),
      ],
      ['none of them', zip([notes]), refused('ARCHIVE_SHAPE')],
      ['the same twice', zip([part('t.csv', changed), part('t.csv', changed)]), refused('ARCHIVE_SHAPE')],
      ['cut behind the first', zip(parts(changed)).subarray(0, 150), refused('ZIP_TRUNCATED')],
    ],
    't.csv.zip',
  );
});

function damaged(bytes: Buffer, fromEnd: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - fromEnd]! ^= 1;
  return copy;
}
