import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimOn, type Place, placeByClaim, placeByLink } from '../../../lib/stores/folder/place.ts';

describe.each<[string, (folder: string) => Place]>([
  ['by link', () => placeByLink],
  ['by claim', (folder) => placeByClaim(folder)],
])('placing a file %s', (_, placeIn) => {
  let folder: string;
  let place: Place;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-place-'));
    place = placeIn(folder);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('moves it once, and never replaces', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `file-${i}`);
    for (const name of names) await writeFile(join(folder, name), name);
    const placed = await Promise.all(names.map((name) => place(join(folder, name), join(folder, 'object'))));

    const winner = names[placed.indexOf(true)]!;
    expect(placed.filter(Boolean)).toHaveLength(1);
    expect(await readFile(join(folder, 'object'), 'utf8')).toBe(winner);
    expect((await readdir(folder)).toSorted()).toEqual(
      [...names.filter((name) => name !== winner), 'object'].toSorted(),
    );
  });
});

test('a claim whose owner was killed is taken over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-place-'));
  const object = join(folder, 'object');
  const file = join(folder, 'file');
  await writeFile(file, '');
  await writeFile(claimOn(object, folder), '');
  await utimes(claimOn(object, folder), 0, 0);

  expect(await placeByClaim(folder)(file, object)).toBe(true);
  expect(await readdir(folder)).toEqual(['object']);
  await rm(folder, { recursive: true });
});
