import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { folderSource } from '../../../lib/sources/folder/folder.ts';
import { lookAround } from '../../support/nights/look-around.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('tells where it looks, and all that lies there', async () => {
  const source = folderSource(join(folder, 'in'));
  expect([source.place, await lookAround(source)]).toEqual([join(folder, 'in'), { exists: false, seen: [] }]);
  await mkdir(join(folder, 'in', 'old'), { recursive: true });
  await writeFile(join(folder, 'in', 'A.CSV'), 'x');
  await symlink('/etc/passwd', join(folder, 'in', 'a.csv'));
  expect(await lookAround(source)).toEqual({ exists: true, seen: ['file A.CSV', 'folder old', 'link a.csv'] });
});

describe('list', () => {
  test('tells name, size and time of plain files, in name order', async () => {
    await writeFile(join(folder, 'b.csv'), 'id\n1\n');
    await writeFile(join(folder, 'a.csv'), '');
    const time = new Date('2026-11-20T02:13:14.567Z');
    await utimes(join(folder, 'a.csv'), time, time);
    await utimes(join(folder, 'b.csv'), time, time);
    expect(await folderSource(folder).list()).toEqual([
      { name: 'a.csv', size: 0, modified: '2026-11-20T02:13:14.567Z' },
      { name: 'b.csv', size: 5, modified: '2026-11-20T02:13:14.567Z' },
    ]);
  });

  test('leaves out folders, hidden files, pipes; tells links that lead out or nowhere; and names with control characters', async () => {
    await mkdir(join(folder, 'folder.csv'));
    await writeFile(join(folder, '.hidden.csv'), 'x');
    await writeFile(join(folder, 'two\nlines.csv'), 'x');
    await writeFile(join(folder, 'kept.csv'), 'x');
    await symlink('/etc/passwd', join(folder, 'out.csv'));
    await symlink('nowhere.csv', join(folder, 'dangling.csv'));
    await symlink('folder.csv', join(folder, 'to-folder.csv'));
    execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
    const listed = await folderSource(folder).list();
    const followed = (each: boolean) =>
      listed.filter(({ unfollowed }) => (unfollowed === undefined) === each).map(({ name }) => name);
    expect(followed(true)).toEqual(['kept.csv']);
    expect(followed(false)).toEqual(['dangling.csv', 'out.csv', 'to-folder.csv']);
    expect((await folderSource(folder, { links: 'ignore' }).list()).map(({ name }) => name)).toEqual(['kept.csv']);
  });

  test('takes a link for the file that it leads to, within the root, unless told', async () => {
    const day = join(folder, 'inbox', '2026-11-20');
    await mkdir(join(folder, 'inbox', 'pool'), { recursive: true });
    await mkdir(day);
    await writeFile(join(folder, 'inbox', 'pool', '4711.csv'), 'id\n1\n');
    await writeFile(join(folder, 'secret.csv'), 'id\n2\n');
    await symlink('../pool/4711.csv', join(day, 'a.csv'));
    await symlink('../../secret.csv', join(day, 'b.csv'));
    const source = folderSource(day, { root: join(folder, 'inbox') });
    expect(await source.list()).toMatchObject([
      { name: 'a.csv', size: 5 },
      { name: 'b.csv', unfollowed: true },
    ]);
    expect((await buffer(source.read('a.csv'))).toString()).toBe('id\n1\n');
    await expect(buffer(source.read('b.csv'))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect((await folderSource(day).list()).every(({ unfollowed }) => unfollowed)).toBe(true);
    expect(await folderSource(day, { root: join(folder, 'inbox'), links: 'ignore' }).list()).toEqual([]);
  });

  test('a day’s folder that is a link leads no further than a file may', async () => {
    const inbox = join(folder, 'inbox');
    await mkdir(join(inbox, 'days'), { recursive: true });
    await mkdir(join(folder, 'private'));
    for (const place of [join(inbox, 'days'), join(folder, 'private')])
      await writeFile(join(place, 'a.csv'), 'id\n1\n');
    await symlink(join(folder, 'private'), join(inbox, 'out'));
    await symlink('days', join(inbox, 'within'));
    const day = (name: string) => folderSource(join(inbox, name), { root: inbox });
    expect(await day('within').list()).toMatchObject([{ name: 'a.csv' }]);
    expect(await day('later').list()).toEqual([]);
    for (const name of ['out', '../private']) {
      await expect(day(name).list()).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
      await expect(day(name).stat('a.csv')).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
      await expect(buffer(day(name).read('a.csv'))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    }
  });

  test('refuses a file in the place of the folder', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(folderSource(join(folder, 'file')).list()).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
  });
});

describe('stat and read', () => {
  test('return the file as it is now', async () => {
    const source = folderSource(folder);
    const bytes = Buffer.alloc(3_000_000, 'nightly\n');
    await writeFile(join(folder, 'a.csv'), 'old');
    await source.list();
    await writeFile(join(folder, 'a.csv'), bytes);
    expect(await source.stat('a.csv')).toMatchObject({ name: 'a.csv', size: bytes.length });
    expect((await buffer(source.read('a.csv'))).equals(bytes)).toBe(true);
  });

  test.each([
    ['a file that is gone', 'gone.csv', 'SOURCE_CHANGED'],
    ['a link', 'link.csv', 'SOURCE_DENIED'],
    ['a folder', 'folder.csv', 'SOURCE_DENIED'],
    ['a named pipe, without waiting for a writer', 'pipe.csv', 'SOURCE_DENIED'],
  ])('refuse %s', async (_case, name, error) => {
    await symlink('/etc/passwd', join(folder, 'link.csv'));
    await mkdir(join(folder, 'folder.csv'));
    execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
    const source = folderSource(folder);
    await expect(source.stat(name)).rejects.toMatchObject({ name: error });
    await expect(buffer(source.read(name))).rejects.toMatchObject({ name: error });
  });

  test('a reader that stops early closes the file', async () => {
    await writeFile(join(folder, 'a.csv'), Buffer.alloc(5_000_000));
    const stream = folderSource(folder).read('a.csv');
    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});

test('files move only into a folder that a feed may use', async () => {
  const [inbox, done] = [join(folder, 'inbox'), join(folder, 'done')];
  await mkdir(inbox);
  await writeFile(join(inbox, 'a.csv'), 'x');
  const refused = new NightfeedError('FILE_REFUSED', 'it lies in none of the folders');
  const confine = async (path: string) => {
    if (path !== done) throw refused;
  };
  const { disposal } = folderSource(inbox, { start: folder, confine });
  for (const into of ['elsewhere', '/tmp', 'done/../elsewhere']) {
    await expect(disposal!.move('a.csv', into)).rejects.toBe(refused);
    await expect(disposal!.sizeIn(into, 'a.csv')).rejects.toBe(refused);
    expect(await disposal!.lacks!(into)).toBe(refused.message);
  }
  expect((await readdir(folder)).sort()).toEqual(['inbox']);
  await disposal!.move('a.csv', 'done');
  expect([await readdir(inbox), await readdir(done)]).toEqual([[], ['a.csv']]);
});
