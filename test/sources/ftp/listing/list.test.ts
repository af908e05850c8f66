import { describe, expect, test } from 'vitest';
import { parseList } from '../../../../lib/sources/ftp/listing/list.ts';
import { cpuTime } from '../../../support/cpu-time.ts';
import { parsedBy } from './parsed-by.ts';

const parsed = parsedBy(parseList);

const file = (name: string, size?: number) => ({ name, kind: 'file', ...(size === undefined ? {} : { size }) });

describe('LIST, line by line', () => {
  test.each([
    ['GNU', '-rw-r--r--    1 ftp      ftp      12345678 Nov 20 02:13 a.csv', file('a.csv', 12345678)],
    ['of another year', '-rw-r--r--    1 ftp      ftp          5 Nov 20  2025 a.csv', file('a.csv', 5)],
    ['Sept', '-rw-r--r-- 1 ftp ftp 5 Sept 3 02:13 a.csv', file('a.csv', 5)],
    ['German', '-rw-r--r-- 1 ftp ftp 5 Mär 20 02:13 a.csv', file('a.csv', 5)],
    ['German, day first', '-rw-r--r-- 1 ftp ftp 5 20. Dez 02:13 a.csv', file('a.csv', 5)],
    ['French', '-rw-r--r-- 1 ftp ftp 5 févr. 20 02:13 a.csv', file('a.csv', 5)],
    ['Russian', '-rw-r--r-- 1 ftp ftp 5 ноя 20 02:13 a.csv', file('a.csv', 5)],
    ['Japanese', '-rw-r--r-- 1 ftp ftp 5 11月 20 02:13 a.csv', file('a.csv', 5)],
    ['Chinese', '-rw-r--r-- 1 ftp ftp 5 11月20日 2025年 a.csv', file('a.csv', 5)],
    ['Korean', '-rw-r--r-- 1 ftp ftp 5 11월 20 02:13 a.csv', file('a.csv', 5)],
    ['SELinux', '-rw-r--r--. 1 ftp ftp 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['macOS', '-rw-r--r--@ 1 ftp  staff  5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['an access list', '-rw-rw-r--+ 1 ftp ftp 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['thousands', '-rw-r--r-- 1 ftp ftp 12,345,678 Nov 20 02:13 a.csv', file('a.csv', 12345678)],
    ['thousands with points', '-rw-r--r-- 1 ftp ftp 12.345.678 Nov 20 02:13 a.csv', file('a.csv', 12345678)],
    ['sizes for people', '-rw-r--r-- 1 ftp ftp 4.0K Nov 20 02:13 a.csv', file('a.csv')],
    ['--full-time', '-rw-r--r-- 1 ftp ftp 5 2026-11-20 02:13:14.000000000 +0100 a.csv', file('a.csv', 5)],
    ['long-iso', '-rw-r--r-- 1 ftp ftp 5 2026-11-20 02:13 a.csv', file('a.csv', 5)],
    ['iso', '-rw-r--r-- 1 ftp ftp 5 11-20 02:13 a.csv', file('a.csv', 5)],
    ['BSD with seconds', '-rw-r--r--  1 ftp  ftp  5 Nov 20 02:13:14 2026 a.csv', file('a.csv', 5)],
    ['no group', '-rw-r--r-- 1 ftp 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['no links', '-rw-r--r-- ftp ftp 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['a group with blanks', '-rw-r--r-- 1 ACME+ada Domain Users 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['numbers for names', '-rw-r--r-- 1 1000 1000 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['a name that begins with a blank', '-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13  a.csv', file(' a.csv', 5)],
    ['a name like a line', '-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 7 Dec 24 2020 b.csv', file('7 Dec 24 2020 b.csv', 5)],
    ['a file without rights', '---------- 1 ftp ftp 5 Nov 20 02:13 a.csv', file('a.csv', 5)],
    ['IIS', '11-20-26  02:13PM             12345678 a.csv', file('a.csv', 12345678)],
    ['IIS with four digits', '11-20-2026  02:13AM                    5 a b.csv', file('a b.csv', 5)],
    ['DOS in Europe', '20.11.2026  14:13             1.234 a.csv', file('a.csv', 1234)],
    ['IBM i', 'PEP              36864 04/11/26 12:34:56 *STMF      a.csv', file('a.csv', 36864)],
    ['a member of IBM i', 'PEP                                     *MEM       A.CSV', file('A.CSV')],
  ])('%s', async (_case, line, entry) => {
    expect(await parsed(`${line}\r\n`)).toEqual([entry]);
  });

  test('EPLF', async () => {
    const line = '+i8388621.48594,m825718503,r,s280,\tdjb.html';
    expect(await parsed(`${line}\n`)).toEqual([
      { name: 'djb.html', kind: 'file', size: 280, modified: '1996-03-01T22:15:03.000Z' },
    ]);
    expect(await parsed('+i8388621.50690,m824255907,/,\t514\n')).toMatchObject([{ name: '514', kind: 'folder' }]);
  });

  test.each([
    ['a folder', 'drwxr-xr-x 2 ftp ftp 4096 Nov 20 02:13 archive', 'archive', 'folder'],
    ['a folder with a sticky bit', 'drwxrwxrwt 2 ftp ftp 4096 Nov 20 02:13 tmp', 'tmp', 'folder'],
    ['a link', 'lrwxrwxrwx 1 ftp ftp 5 Nov 20 02:13 latest.csv -> a.csv', 'latest.csv', 'link'],
    ['a device', 'crw-rw-rw- 1 root root 1, 3 Nov 20 02:13 null', 'null', 'other'],
    ['a folder of IIS', '11-20-26  02:13PM       <DIR>          archive', 'archive', 'folder'],
    ['a folder of IBM i', 'PEP              36864 04/11/26 12:34:56 *DIR       archive/', 'archive', 'folder'],
  ])('%s', async (_case, line, name, kind) => {
    expect(await parsed(`${line}\r\n`)).toMatchObject([{ name, kind }]);
  });
});

test.each(['total 8', 'insgesamt 8', 'итого 12K', '合計 8', 'total: 1,024'])('%s is no file', async (line) => {
  expect(await parsed(`${line}\n-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 a.csv\n`)).toEqual([file('a.csv', 5)]);
});

test.each([
  ['a line that nobody knows', 'a.csv 5 yesterday'],
  ['the total in another place', 'total 8'],
  ['a name alone', 'a.csv'],
])('%s fails the listing, and is shown', async (_case, line) => {
  const fault = { name: 'LISTING_UNREADABLE', message: expect.stringContaining(line) };
  const text = `-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 x.csv\r\n${line}\r\n`;
  await expect(parsed(text)).rejects.toMatchObject(fault);
});

test.each([
  ['MVS', 'Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname'],
  ['MVS', ' Name     VV.MM   Created       Changed      Size  Init   Mod   Id'],
  ['VMS', 'Directory DISK$USER:[VENDOR]'],
  ['VMS', 'A.CSV;1              20/24     20-NOV-2026 02:13:14  [VENDOR]  (RWED,RWED,RE,)'],
])('%s is named as not understood', async (system, line) => {
  const fault = { name: 'LISTING_UNREADABLE', message: expect.stringContaining(system) };
  await expect(parsed(`${line}\r\n`)).rejects.toMatchObject(fault);
});

test('a listing that was cut is refused, in the middle of whatever line', async () => {
  const text = '-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 x.csv\r\n-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 y.cs';
  await expect(parsed(text)).rejects.toMatchObject({ name: 'SOURCE_SHORT' });
  expect(await parsed('')).toEqual([]);
});

test('a hostile line takes no time', async () => {
  const line = `-rw-r--r-- 1 ${'1 '.repeat(1900)}x`;
  const taken = await cpuTime(async () => {
    await expect(parsed(`${line}\n`)).rejects.toMatchObject({ name: 'LISTING_UNREADABLE' });
    await expect(parsed(`${'-rw-r--r-- '.repeat(100_000)}\n`)).rejects.toThrow('more than 4096 characters');
  });
  expect(taken).toBeLessThan(1000);
});
