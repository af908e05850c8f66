import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderSightings } from '../../lib/local/sighting-file.ts';

const run = (date: string, feed = 'shop') => ({ feed, date, revision: 1 });
const look = { sight: 'a1', at: '2026-11-20T02:00:00.000Z' };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'looks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'looks');
}

test('another process finds the last look of that feed and date, and no other', async () => {
  const folder = newFolder();
  expect(await folderSightings(folder).last(run('2026-11-20'))).toBeNull();
  await folderSightings(folder).keep(run('2026-11-20'), 0, look);

  expect(await folderSightings(folder).last({ ...run('2026-11-20'), revision: 2 })).toMatchObject(look);
  expect(await folderSightings(folder).last(run('2026-11-21'))).toBeNull();
  expect(await folderSightings(folder).last(run('2026-11-20', 'other'))).toBeNull();
  expect(readdirSync(folder)).toEqual(['shop.json']);
});

test('a look without a version, as an older nightfeed left it, is one', async () => {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(join(folder, 'shop.json'), JSON.stringify({ date: '2026-11-20', ...look }));
  expect(await folderSightings(folder).last(run('2026-11-20'))).toMatchObject(look);
});

test.each([
  '',
  '{"date":',
  '[]',
  '{"date":"2026-11-20","sight":"a1","at":"yesterday"}',
  '{"version":2,"date":"2026-11-20","sight":"a1","at":"2026-11-20"}',
])('what is no look, such as %j, is a first look', async (text) => {
  const folder = newFolder();
  await folderSightings(folder).keep(run('2026-11-20'), 0, look);
  writeFileSync(join(folder, 'shop.json'), text);
  expect(await folderSightings(folder).last(run('2026-11-20'))).toBeNull();
});
