import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Limits } from '../../../lib/sources/common/limits.ts';
import { folderSource } from '../../../lib/sources/folder/folder.ts';
import { around, small, tooLong } from '../limited.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('a local folder', () => {
  test('holds more names than a folder does, or more files that fit', async () => {
    for (let id = 0; id < 120; id += 1) await writeFile(join(root, `${id}.csv`), '');
    const open = (limits: Partial<Limits>) => folderSource(root, { limits: { ...small, ...limits } });
    const all = open({ names: 119, files: 119 });
    await expect(all.list(() => false)).rejects.toMatchObject(tooLong);
    await expect(around(all)).rejects.toMatchObject(tooLong);
    await expect(open({ files: 119 }).list()).rejects.toMatchObject(tooLong);
    expect(await open({ files: 2 }).list((name) => name < '10.csv')).toHaveLength(2);
  });
});
