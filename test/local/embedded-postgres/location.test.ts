import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { location } from '../../../lib/local/embedded-postgres/location.ts';

const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;

describe('where data and copied binaries lie', () => {
  let folder: string;
  let state: string;
  let said: string[];
  const say = (text: string) => said.push(text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-location-'));
    state = join(folder, 'state');
    await mkdir(state);
    said = [];
  });

  afterEach(async () => {
    const elsewhere = await readFile(join(state, 'location'), 'utf8').catch(() => undefined);
    if (elsewhere) await rm(elsewhere, { recursive: true, force: true });
    await rm(folder, { recursive: true });
  });

  test('is the home when the server runs as the caller', async () => {
    expect(await location(state, undefined, say)).toBe(state);
  });

  test('is the home when the server’s user may enter every folder above it', async () => {
    await chmod(folder, 0o711);
    expect(await location(state, NOBODY, say)).toBe(state);
    expect(said).toEqual([]);
  });

  test('is a folder of the caller’s own, and stays that, when one above is private', async () => {
    const elsewhere = await location(state, NOBODY, say);

    expect((await stat(elsewhere)).mode & 0o777).toBe(0o711);
    expect(said).toEqual([expect.stringContaining(`its data lie in ${elsewhere}`)]);
    expect(await location(state, NOBODY, say)).toBe(elsewhere);
    expect(said).toHaveLength(1);
    await chmod(folder, 0o711);
    expect(await location(state, NOBODY, say)).toBe(elsewhere);
  });

  const ruins: [string, (elsewhere: string) => Promise<void>][] = [
    ['is gone', (elsewhere) => rm(elsewhere, { recursive: true })],
    ['may be changed by others', (elsewhere) => chmod(elsewhere, 0o777)],
  ];
  // Only root can give a folder away.
  if (isRoot) ruins.push(['belongs to somebody else', (elsewhere) => chown(elsewhere, NOBODY.uid, NOBODY.gid)]);

  test.each(ruins)('is another one, and says so, when the remembered folder %s', async (_, ruin) => {
    const before = await location(state, NOBODY, say);
    await ruin(before);

    const after = await location(state, NOBODY, say);
    expect(after).not.toBe(before);
    expect(said).toContain(`The database that lay in ${before} is gone; a new one begins empty.`);
    await rm(before, { recursive: true, force: true });
  });
});
