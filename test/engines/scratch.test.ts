import { chown, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openScratch } from '../../lib/engines/duckdb/scratch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scratch-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('scratch is private, under a name that nobody guesses', async () => {
  const [one, other] = [await openScratch(join(folder, 'base')), await openScratch(join(folder, 'base'))];
  expect(one).not.toBe(other);
  for (const path of [join(folder, 'base'), one]) expect((await stat(path)).mode & 0o777).toBe(0o700);
});

const isRoot = process.getuid?.() === 0;
test.skipIf(!isRoot)(
  `a folder, or a link, that another user has made is refused${isRoot ? '' : ' (skipped: only root makes one)'}`,
  async () => {
    const [theirs, link] = [join(folder, 'theirs'), join(folder, 'link')];
    await mkdir(theirs);
    await chown(theirs, 65534, 65534);
    await symlink(theirs, link);
    for (const base of [theirs, link])
      await expect(openScratch(base)).rejects.toMatchObject({
        name: 'OTHER_USER',
        message: `the scratch folder ${base} belongs to the user with number 65534`,
      });
  },
);
