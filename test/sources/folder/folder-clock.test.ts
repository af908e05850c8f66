import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderSource } from '../../../lib/sources/folder/folder.ts';
import { folderClock } from '../../../lib/sources/folder/folder-clock.ts';

test('the time of a file of ours where both folders are on one file system; nothing is left of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'folder-clock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [vendor, own] = [join(folder, 'vendor'), join(folder, 'home', 'looks')];

  expect(await folderClock(vendor, own)).toBeNull();
  mkdirSync(vendor);
  const clock = await folderSource(vendor, { own }).clock();
  expect(Math.abs(clock!.getTime() - Date.now())).toBeLessThan(60_000);
  expect([readdirSync(vendor), readdirSync(own)]).toEqual([[], []]);
});

test('nothing where they are not, or where nobody says which folder is ours', async () => {
  const own = mkdtempSync(join(tmpdir(), 'folder-clock-'));
  onTestFinished(() => rmSync(own, { recursive: true }));
  expect(await folderClock('/proc', own)).toBeNull();
  expect(await folderSource(own).clock()).toBeNull();
});
