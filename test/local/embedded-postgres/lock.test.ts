import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../lib/local/embedded-postgres/lock.ts';

const library = new URL('../../../lib/local/embedded-postgres/lock.ts', import.meta.url).href;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-lock-'));
});

afterEach(async () => {
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
  expect((await readdir(folder)).filter((name) => name.startsWith('lock.'))).toHaveLength(1);
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

test('what a power cut left of the file holds nobody up', async () => {
  await writeFile(join(folder, 'lock.7'), '\0\0\0\0');
  expect(await withLock(folder, async () => 'worked')).toBe('worked');
});

test('is free again when the work throws', async () => {
  await expect(withLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(folder, async () => 'worked')).toBe('worked');
});

function inChild(code: string): ChildProcess {
  const script = `import { readFileSync, writeFileSync } from 'node:fs'; import { withLock } from '${library}'; ${code}`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}
