import { randomBytes } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAround } from '../../support/nights/look-around.ts';
import { newKey, startSftpServer } from '../../support/vendors/sftp-server.ts';
import { SftpLab, unreachable } from './sftp-lab.ts';

const content = randomBytes(3_000_000);

let lab: SftpLab;
beforeEach(async () => {
  lab = await SftpLab.open();
});
afterEach(() => lab.close());

test('tells where it looks, and all that lies there', async () => {
  await lab.start();
  expect(lab.source.place).toBe(`sftp://127.0.0.1:${lab.server.port}/`);
  expect(lab.connect({ path: 'out/2026' }).place).toBe(`sftp://127.0.0.1:${lab.server.port}/~/out/2026`);
  await mkdir(join(lab.root, 'old'));
  await lab.put('A.CSV', 'x');
  await symlink('A.CSV', join(lab.root, 'a.csv'));
  expect(await lookAround(lab.source)).toEqual({ exists: true, seen: ['file A.CSV', 'folder old', 'link a.csv'] });
});

describe('list', () => {
  test.each([false, true])('regular files with size and time (bare listing: %s)', async (bareListing) => {
    await lab.start();
    lab.server.faults.bareListing = bareListing;
    await lab.put('b.csv', 'id\n');
    await lab.put(' a.csv', '');
    await lab.put('.b.csv.part', 'half');
    await lab.put('tab\there.csv', 'x');
    await mkdir(join(lab.root, 'archive'));
    await symlink('b.csv', join(lab.root, 'latest.csv'));
    await symlink('archive', join(lab.root, 'to-folder.csv'));
    await symlink('nowhere', join(lab.root, 'dangling.csv'));
    const modified = '2026-11-20T02:13:14.000Z';
    const files = [...(await lab.source.list())].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(files).toEqual([
      { name: ' a.csv', size: 0, modified },
      { name: 'b.csv', size: 3, modified },
      { name: 'dangling.csv', size: 0, modified: null, unfollowed: true },
      { name: 'latest.csv', size: 3, modified },
    ]);
    expect(await lab.source.stat('b.csv')).toEqual(files[1]);
    expect(lab.logins()).toEqual(['password demo']);
  });

  test('a folder that goes while it is listed is not', async () => {
    await lab.start();
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await lab.put(name, 'x');
    lab.server.faults.status = { request: 'READDIR', code: 2, times: 1 };
    await expect(lab.source.list()).rejects.toMatchObject({ name: 'SOURCE_CHANGED', transient: true });
  });

  test('a folder that is denied is not', async () => {
    await lab.start();
    lab.server.faults.status = { request: 'OPENDIR', code: 3, times: 1 };
    await expect(lab.source.list()).rejects.toMatchObject({ name: 'SOURCE_DENIED', transient: false });
  });
});

describe('read', () => {
  test.each([undefined, 1, 4096, 30_999])(
    'byte for byte, from the start and from the middle (answers of at most %s bytes)',
    async (maxRead) => {
      const bytes = maxRead === 1 ? content.subarray(0, 1500) : content;
      await lab.put('a.bin', bytes);
      await lab.start();
      if (maxRead) lab.server.faults.maxRead = maxRead;
      expect((await buffer(lab.source.read('a.bin'))).equals(bytes)).toBe(true);
      expect((await buffer(lab.source.read('a.bin', 1001))).equals(bytes.subarray(1001))).toBe(true);
      expect(await buffer(lab.source.read('a.bin', bytes.length))).toHaveLength(0);
      expect(lab.logins()).toHaveLength(1);
    },
  );

  test.each([0, 1, 31_000, 62_000])('a file of %d bytes', async (size) => {
    await lab.put('a.bin', content.subarray(0, size));
    await lab.start();
    expect((await buffer(lab.source.read('a.bin'))).equals(content.subarray(0, size))).toBe(true);
  });

  test('a slow reader is no stall, and a reader that stops early does no harm', async () => {
    await lab.put('a.bin', content);
    await lab.start();
    const stream = lab.source.read('a.bin');
    await new Promise((resolve) => stream.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect((await buffer(stream)).equals(content)).toBe(true);
    for await (const chunk of lab.source.read('a.bin')) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await lab.source.stat('a.bin')).size).toBe(content.length);
  });

  test.each(['../secret.csv', 'folder/a.csv', ''])('refuses the name %j', async (name) => {
    await lab.start();
    await expect(lab.source.stat(name)).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    await expect(buffer(lab.source.read(name))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect(lab.server.log.join('\n')).not.toMatch(/OPEN |LSTAT/);
  });

  test('a link is followed unless the feed says that it is no file', async () => {
    await lab.put('b.csv', 'id\n');
    await symlink('b.csv', join(lab.root, 'a.csv'));
    await lab.start();
    expect(await lab.source.stat('a.csv')).toMatchObject({ size: 3 });
    expect((await buffer(lab.source.read('a.csv'))).toString()).toBe('id\n');
    await lab.source.close();
    await lab.start({}, { links: 'ignore' });
    expect((await lab.source.list()).map(({ name }) => name)).toEqual(['b.csv']);
    await expect(lab.source.stat('a.csv')).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
  });
});

describe('a transfer that breaks fails, and the next one is whole', () => {
  test.each([0, 1, 1_500_000, 2_999_999])('cut at %d', async (atByte) => {
    await lab.put('a.bin', content);
    await lab.start();
    lab.server.faults.cut = { atByte, times: 1 };
    await expect(buffer(lab.source.read('a.bin'))).rejects.toMatchObject(unreachable);
    expect((await buffer(lab.source.read('a.bin'))).equals(content)).toBe(true);
  });

  test('stall', async () => {
    await lab.put('a.bin', content);
    await lab.start();
    lab.server.faults.stall = { atByte: 1_000_000, times: 1 };
    await expect(buffer(lab.source.read('a.bin'))).rejects.toMatchObject({
      ...unreachable,
      message: expect.stringContaining('no answer for 400 ms'),
    });
    lab.server.faults.stall.times = 0;
    expect((await buffer(lab.source.read('a.bin'))).equals(content)).toBe(true);
  });

  test.each([
    [4, unreachable],
    [3, { name: 'SOURCE_DENIED' }],
    [2, { name: 'SOURCE_CHANGED' }],
  ])('status %d', async (code, failure) => {
    await lab.put('a.bin', content);
    await lab.start();
    lab.server.faults.status = { request: 'READ', code, times: 1 };
    await expect(buffer(lab.source.read('a.bin'))).rejects.toMatchObject(failure);
    expect((await buffer(lab.source.read('a.bin'))).equals(content)).toBe(true);
    expect(lab.logins()).toHaveLength(1);
  });

  test('a server with nothing but old algorithms', async () => {
    await lab.start({ algorithms: { kex: ['diffie-hellman-group1-sha1'] } });
    await expect(lab.source.list()).rejects.toMatchObject({
      name: 'SOURCE_OUTDATED',
      message: expect.stringContaining('no matching key exchange algorithm'),
      transient: false,
    });
  });

  test('a server that came back is logged in to again', async () => {
    await lab.put('a.bin', content);
    const hostKey = newKey().private;
    await lab.start({ hostKey });
    await lab.source.list();
    const { port } = lab.server;
    await lab.server.close();
    await expect(lab.source.stat('a.bin')).rejects.toMatchObject(unreachable);
    lab.server = await startSftpServer({ root: lab.root, users: { demo: 'right' }, port, hostKey });
    expect(await lab.source.stat('a.bin')).toMatchObject({ size: content.length });
  });
});
