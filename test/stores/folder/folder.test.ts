import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderStore } from '../../../lib/stores/folder/folder.ts';
import { storeConforms } from '../conformance.ts';

const modulePath = new URL('../../../lib/stores/folder/folder.ts', import.meta.url).href;

storeConforms('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'nightfeed-store-'));
  return { store: folderStore(join(root, 'lake')), close: () => rm(root, { recursive: true }) };
});

describe('the folder store', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'nightfeed-store-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  test('moves a file of its own device', async () => {
    const store = folderStore(root);
    const near = join(root, '.tmp', 'near');
    await mkdir(join(root, '.tmp'));
    await writeFile(near, 'near');
    const inode = (await stat(near)).ino;
    await store.writeFile('a/near', near);
    expect((await stat(join(root, 'a/near'))).ino).toBe(inode);
    expect(existsSync(near)).toBe(false);
  });

  test.skipIf(!existsSync('/dev/shm'))('copies a file of another device (skipped without /dev/shm)', async () => {
    const elsewhere = await mkdtemp('/dev/shm/nightfeed-store-');
    try {
      await writeFile(join(elsewhere, 'far'), 'far');
      expect(await folderStore(root).writeFile('a/far', join(elsewhere, 'far'))).toBe(3);
      expect(await text(folderStore(root).read('a/far'))).toBe('far');
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  test('a writer killed in the middle leaves no object, and the next one succeeds', async () => {
    const writer = inChild(`
      await store.write('a/part', (async function* () {
        yield Buffer.alloc(1 << 20);
        process.stdout.write('half');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      })());`);
    await once(writer.stdout!, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');

    const store = folderStore(root);
    expect(await readdir(join(root, '.tmp'))).toHaveLength(1);
    expect(await store.readText('a/part')).toBeNull();
    expect(await store.list('')).toEqual([]);
    expect(await store.create('a/part', 'whole')).toBe(true);
  });

  test('one of several processes creates an object', async () => {
    const code = (body: string) => `process.stdout.write(String(await store.create('a/receipt', '${body}')));`;
    const bodies = ['one', 'two', 'three'];
    const answers = await Promise.all(bodies.map((body) => text(inChild(code(body)).stdout!)));

    expect(answers.toSorted()).toEqual(['false', 'false', 'true']);
    expect(await folderStore(root).readText('a/receipt')).toBe(bodies[answers.indexOf('true')]);
  });

  test('sweeps unfinished files after a day, and not earlier', async () => {
    const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
    await mkdir(join(root, '.tmp'));
    for (const name of ['old', 'new']) await writeFile(join(root, '.tmp', name), '');
    await utimes(join(root, '.tmp', 'old'), yesterday, yesterday);

    await folderStore(root).create('a', '');
    expect(await readdir(join(root, '.tmp'))).toEqual(['new']);
  });

  test('removes the folders that became empty', async () => {
    const store = folderStore(root);
    await store.create('a/b/c/d', '');
    await store.create('a/e', '');
    await store.remove(['a/b/c/d']);
    expect(await readdir(join(root, 'a'))).toEqual(['e']);
  });

  test('creates while others remove the folder as empty', async () => {
    const store = folderStore(root);
    for (let round = 0; round < 40; round++) {
      await store.create('a/b/c/old', '');
      const removing = store.remove(['a/b/c/old']);
      const creating = Promise.all(['a/b/c/1', 'a/b/2', 'a/3'].map((key) => store.create(key, '')));
      expect(await creating).toEqual([true, true, true]);
      await removing;
      await store.remove(['a/b/c/1', 'a/b/2', 'a/3']);
    }
  });

  test('is STORE_UNAVAILABLE, with its cause, when the root is no folder', async () => {
    await writeFile(join(root, 'file'), '');
    const store = folderStore(join(root, 'file'));
    const unavailable = { name: 'STORE_UNAVAILABLE', transient: true, cause: { code: expect.any(String) } };
    await expect(store.create('a', '')).rejects.toMatchObject(unavailable);
    await expect(store.list('')).rejects.toMatchObject(unavailable);
  });

  test.skipIf(!canMount())('is STORE_FULL on a full disk (skipped where a tmpfs cannot be mounted)', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root]);
    try {
      const store = folderStore(root);
      const megabyte = (async function* () {
        yield Buffer.alloc(1 << 20);
      })();
      await expect(store.write('a/part', megabyte)).rejects.toMatchObject({ name: 'STORE_FULL' });
      expect(await store.list('')).toEqual([]);
      expect(await store.create('a/small', 'fits')).toBe(true);
    } finally {
      execFileSync('umount', [root]);
    }
  });

  function inChild(code: string): ChildProcess {
    const script = `import { folderStore } from '${modulePath}'; const store = folderStore('${root}'); ${code}`;
    return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  }
});

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
