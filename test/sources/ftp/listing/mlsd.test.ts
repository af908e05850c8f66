import { describe, expect, test } from 'vitest';
import { parseMlsd } from '../../../../lib/sources/ftp/listing/mlsd.ts';
import { parsedBy } from './parsed-by.ts';

const parsed = parsedBy(parseMlsd);

describe('parseMlsd', () => {
  test.each([
    [
      'a file',
      'type=file;size=12;modify=20261120021314; a.csv',
      { name: 'a.csv', size: 12, modified: '2026-11-20T02:13:14.000Z' },
    ],
    [
      'facts in any case and order',
      'Modify=20261120021314.5;TYPE=File;Size=0; a.csv',
      { name: 'a.csv', size: 0, modified: '2026-11-20T02:13:14.500Z' },
    ],
    [
      'a name with blanks, equals and semicolons',
      'type=file;size=1;modify=20261120021314;  a = b; c.csv',
      { name: ' a = b; c.csv', size: 1, modified: '2026-11-20T02:13:14.000Z' },
    ],
    [
      'no size: unknown, not 0',
      'type=file;modify=20261120021314; a.csv',
      { name: 'a.csv', size: undefined, modified: '2026-11-20T02:13:14.000Z' },
    ],
    ['a size that is none', 'type=file;size=-1; a.csv', { name: 'a.csv', size: undefined, modified: undefined }],
    [
      'a time that is none',
      'type=file;size=1;modify=20261320021314; a.csv',
      { name: 'a.csv', size: 1, modified: undefined },
    ],
    [
      'a time of the year 19126',
      'type=file;size=1;modify=191261120021314; a.csv',
      { name: 'a.csv', size: 1, modified: undefined },
    ],
  ])('%s', async (_case, line, file) => {
    expect(await parsed(`${line}\r\n`)).toEqual([{ kind: 'file', ...file }]);
  });

  test.each([
    ['a folder', 'type=dir;size=4096;modify=20261120021314; archive', 'folder'],
    ['the folder itself', 'type=cdir;modify=20261120021314; .', 'folder'],
    ['the folder above', 'type=pdir;modify=20261120021314; ..', 'folder'],
    ['a symbolic link', 'type=OS.unix=symlink;size=3; latest.csv', 'link'],
    ['a symbolic link with its target', 'type=OS.unix=slink:/etc/passwd;size=3; latest.csv', 'link'],
    ['a device', 'type=OS.unix=chr-1/3; null', 'other'],
    ['no type, but a size', 'size=3;modify=20261120021314; a.csv', 'file'],
    ['no last semicolon', 'type=file;size=3;modify=20261120021314 a.csv', 'file'],
    ['a blank before it', ' type=file;size=3; a.csv', 'file'],
  ])('%s', async (_case, line, kind) => {
    expect(await parsed(`${line}\r\n`)).toMatchObject([{ kind }]);
  });

  test.each([
    ['the rest of a name with a line end', 'b.csv'],
    ['neither type nor size', 'modify=20261120021314; a.csv'],
    ['no name', 'type=file;size=3;'],
    ['something else', '-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 a.csv'],
  ])('fails on %s, and shows the line', async (_case, line) => {
    const fault = { name: 'LISTING_UNREADABLE', message: expect.stringContaining(line) };
    await expect(parsed(`type=file;size=1; x\r\n${line}\r\n`)).rejects.toMatchObject(fault);
  });

  test('nothing is an empty folder', async () => {
    expect(await parsed('')).toEqual([]);
  });

  test('a listing cut within a line is refused', async () => {
    await expect(parsed('type=file;size=12;modify=20261120021314; cat')).rejects.toMatchObject({
      name: 'SOURCE_SHORT',
    });
  });
});
