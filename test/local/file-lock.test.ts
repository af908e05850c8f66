import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileLock, withLock } from '../../lib/local/file-lock.ts';

const library = new URL('../../lib/local/file-lock.ts', import.meta.url).href;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-lock-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

test('one process at a time works, also while others are killed', async () => {
  const counter = join(folder, 'counter');
  await writeFile(counter, '0');
  const rounds = 100;
  const count = `for (let i = 0; i < ${rounds}; i++) await withLock('${folder}', async () => {
      const seen = Number(readFileSync('${counter}', 'utf8'));
      await new Promise(setImmediate);
      writeFileSync('${counter}', String(seen + 1));
    });`;
  const killed = inChild(`for (;;) await withLock('${folder}', () => new Promise((go) => setTimeout(go, 20)));`);
  const counting = [inChild(count), inChild(count), inChild(count)];
  setTimeout(() => killed.kill('SIGKILL'), 300);
  await Promise.all([...counting, killed].map((child) => once(child, 'exit')));

  expect(await readFile(counter, 'utf8')).toBe(String(counting.length * rounds));
  expect((await readdir(folder)).sort()).toEqual(['counter', 'lock']);
});

test('a killed holder is passed over at once', async () => {
  const holder = inChild(`await withLock('${folder}', () => {
    process.stdout.write('held');
    return new Promise((go) => setTimeout(go, 60_000));
  });`);
  await once(holder.stdout!, 'data');
  let entered = false;
  const waiting = withLock(folder, async () => {
    entered = true;
  });
  await new Promise((go) => setTimeout(go, 50));
  expect(entered).toBe(false);
  holder.kill('SIGKILL');
  await waiting;
});

test('a killed holder leaves nothing but the lock', async () => {
  const holder = inChild(`await withLock('${folder}', () => {
    process.stdout.write('held');
    return new Promise((go) => setTimeout(go, 60_000));
  });`);
  await once(holder.stdout!, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await readdir(folder)).toEqual(['lock']);
});

test('several hold it together, and one alone when all of them have gone, killed or not', async () => {
  const path = join(folder, 'users');
  const holder = inChild(
    `const lock = new FileLock('${path}'); lock.share(); process.stdout.write('held'); setInterval(() => {}, 1000);`,
  );
  await once(holder.stdout!, 'data');
  const [mine, alone] = [new FileLock(path), new FileLock(path)];
  mine.share();
  expect(alone.takeAlone()).toBe(false);
  mine.free();
  expect(alone.takeAlone()).toBe(false);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(alone.takeAlone()).toBe(true);
  const late = new FileLock(path);
  expect(() => late.share()).toThrow('locked');
  late.free();
  alone.free();
  expect(await readFile(path, 'utf8')).toBe('');
});

test('is held although nothing refers to it any more', async () => {
  const path = join(folder, 'users');
  const code = `new FileLock('${path}').share(); globalThis.gc(); await new Promise((go) => setTimeout(go, 50)); globalThis.gc();
    process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const holder = inChild(code, '--expose-gc');
  await once(holder.stdout!, 'data');
  const alone = new FileLock(path);
  expect(alone.takeAlone()).toBe(false);
  alone.free();
});

test('is free again when the work throws', async () => {
  await expect(withLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(folder, async () => 'worked')).toBe('worked');
});

function inChild(code: string, ...options: string[]): ChildProcess {
  const script = `import { readFileSync, writeFileSync } from 'node:fs'; import { FileLock, withLock } from '${library}'; ${code}`;
  const child = spawn(process.execPath, [...options, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}
