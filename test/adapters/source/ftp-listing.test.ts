import { describe, expect, test } from 'vitest';
import { parseMlsd } from '../../../lib/adapters/source/ftp-listing.ts';

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
  ])('%s', (_case, line, file) => {
    expect(parseMlsd(`${line}\r\n`)).toEqual([file]);
  });

  test.each([
    ['a folder', 'type=dir;size=4096;modify=20261120021314; archive'],
    ['the folder itself', 'type=cdir;modify=20261120021314; .'],
    ['the folder above', 'type=pdir;modify=20261120021314; ..'],
    ['a symbolic link', 'type=OS.unix=symlink;size=3; latest.csv'],
    ['a symbolic link with its target', 'type=OS.unix=slink:/etc/passwd;size=3; latest.csv'],
    ['no type', 'size=3;modify=20261120021314; a.csv'],
    ['the rest of a name with a line end', 'b.csv'],
    ['an empty line', ''],
  ])('leaves out %s', (_case, line) => {
    expect(parseMlsd(`${line}\r\n`)).toEqual([]);
  });

  test('nothing is an empty folder', () => {
    expect(parseMlsd('')).toEqual([]);
  });

  test('a listing cut within a line is refused', () => {
    expect(() => parseMlsd('type=file;size=12;modify=20261120021314; cat')).toThrow(
      expect.objectContaining({ name: 'SOURCE_SHORT' }),
    );
  });
});
