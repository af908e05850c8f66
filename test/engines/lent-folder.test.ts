import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inLentFolder, keepCopies, lendNew, removeLent } from '../../lib/engines/common/lent-folder.ts';

const isRoot = process.getuid?.() === 0;
const borrower = { uid: 1_234_567, gid: 1_234_567 };

let folder: string;
let outside: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-lent-'));
  // The borrower gets through, as it does with its capability.
  await chmod(folder, 0o711);
  outside = join(folder, 'outside');
  await mkdir(outside, { mode: 0o711 });
  await writeFile(join(outside, 'secret'), 'untouched', { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true }));

const command = (script: string) => [
  `--reuid=${borrower.uid}`,
  `--regid=${borrower.gid}`,
  '--clear-groups',
  '/bin/sh',
  '-ec',
  script,
];
const borrow = (script: string) => promisify(execFile)('/usr/bin/setpriv', command(script));

describe.skipIf(!isRoot)(`a folder that root lends${isRoot ? '' : ' (skipped: only root can)'}`, () => {
  /** What is kept of it, when `out` is to be. */
  const keep = (script: string, depth = 0, prepare = async (_lent: string) => {}) =>
    inLentFolder(folder, borrower, async (lent) => {
      await prepare(lent);
      await borrow(`cd ${lent}; ${script}`);
      await keepCopies(lent, [{ name: 'out', path: join(folder, 'kept'), depth }], borrower);
    });

  test('gives back copies that are root’s, and is gone', async () => {
    await keep('echo 1 > out; chmod 4777 out');
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('1\n');
    const { uid, gid, mode } = await stat(join(folder, 'kept'));
    expect([uid, gid, mode & 0o7000]).toEqual([0, 0, 0]);
    expect((await readdir(folder)).sort()).toEqual(['kept', 'outside']);
  });

  test('gives back what lies in folders, too, and an empty file', async () => {
    await keep('mkdir -p out/p=1 out/p=2; echo 1 > out/p=1/data; : > out/p=2/data', 2);
    expect(await readFile(join(folder, 'kept/p=1/data'), 'utf8')).toBe('1\n');
    expect(await readFile(join(folder, 'kept/p=2/data'), 'utf8')).toBe('');
  });

  for (const [what, script, depth, message] of [
    ['nothing', ':', 0, '"out" is not there'],
    ['a link', 'ln -s ../outside/secret out', 0, '"out" is a link'],
    ['a link to a folder', 'ln -s ../outside out', 2, '"out" is a link'],
    ['a link in the place of a part', 'mkdir out; ln -s ../../outside out/p=1', 2, '"p=1" is a link'],
    ['a link among the parts', 'mkdir -p out/p=1; ln -s /etc/passwd out/p=1/data', 2, '"data" is a link'],
    ['a folder', 'mkdir out', 0, '"out" is a folder'],
    ['a file for a folder', 'echo 1 > out', 2, '"out" is no plain file'],
    ['a folder too deep', 'mkdir -p out/p=1/deep', 2, '"deep" is a folder'],
    ['a pipe', 'mkfifo out', 0, '"out" is no plain file'],
    ['a second name', 'echo 1 > out; ln out ../spill/out', 0, '"out" is a file from elsewhere'],
    [
      'another file',
      'echo 1 > out; echo 2 > "$(printf "\\033[2J")"',
      0,
      '"\\u001b[2J" is nothing that it was to write',
    ],
    ['a name that is not UTF-8', 'echo 1 > out; : > "$(printf "\\377")"', 0, 'is nothing that it was to write'],
  ] as const)
    test(`with ${what} is refused, and nothing outside is touched`, async () => {
      await lendNew(join(folder, 'spill'), borrower);
      await expect(keep(script, depth)).rejects.toMatchObject({
        name: 'ENGINE_FAILED',
        message: expect.stringContaining(message),
      });
      expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
      expect((await readdir(folder)).filter((name) => !['kept', 'outside', 'spill'].includes(name))).toEqual([]);
    });

  test('with a second name of a file of root’s is refused', async () => {
    const plant = (lent: string) => link(join(outside, 'secret'), join(lent, 'out'));
    await expect(keep(':', 0, plant)).rejects.toThrow('"out" is a file from elsewhere');
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
  });

  test('with a file of root’s own is refused', async () => {
    await expect(keep(':', 0, (lent) => writeFile(join(lent, 'out'), ''))).rejects.toThrow('is a file from elsewhere');
  });

  test('is taken back with the folders in it before they are looked into', async () => {
    const lent = join(folder, 'lent');
    await lendNew(lent, borrower);
    await borrow(`cd ${lent}; mkdir -p out/p=1; chmod 777 out out/p=1`);
    await keepCopies(lent, [{ name: 'out', path: join(folder, 'kept'), depth: 2 }], borrower);
    for (const path of [lent, join(lent, 'out'), join(lent, 'out/p=1')])
      expect(await stat(path)).toMatchObject({ uid: 0, mode: 0o40700 });
  });

  test('cannot be changed any more once it is taken back, nor what was kept of it, by who has it open', async () => {
    const lent = join(folder, 'lent');
    await lendNew(lent, borrower);
    const script = `cd ${lent}; exec 3> out; chmod 777 . out; echo early >&3; echo ready; read go; echo late >&3
      if echo late 2> /dev/null >> out; then echo opened; fi
      if (: > more) 2> /dev/null; then echo made; fi
      if mv out other 2> /dev/null; then echo moved; fi`;
    const child = spawn('/usr/bin/setpriv', command(script), { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await keepCopies(lent, [{ name: 'out', path: join(folder, 'kept'), depth: 0 }], borrower);
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stdin.end('go\n');
    await once(child, 'close');
    expect(Buffer.concat(said).toString()).toBe('');
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('early\n');
    expect(await readdir(lent)).toEqual([]);
  });

  test('is removed with all that may lie in it, and nothing behind a link is', async () => {
    const lent = join(folder, 'lent');
    await lendNew(lent, borrower);
    const name = 'n'.repeat(200);
    await borrow(`cd ${lent}; mkfifo pipe; ln -s ../outside link; ln -s nowhere loose; : > "$(printf '\\377')"
      mkdir locked; : > locked/file; chmod 0 locked
      mkdir deep
      for level in $(seq 30); do mkdir next; : > next/file; ln -s ${outside} next/link; mv deep next/${name}; mv next deep; done`);
    await removeLent(lent);
    expect(await readdir(folder)).toEqual(['outside']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
  });

  test('is removed while the borrower swaps folders for links', async () => {
    for (let round = 0; round < 4; round += 1) {
      const lent = join(folder, 'lent');
      await lendNew(lent, borrower);
      await borrow(`cd ${lent}; mkdir a; cd a; for file in $(seq 300); do : > $file; done; : > secret`);
      const swap = `cd ${lent}; echo; while mv a b && ln -s ${outside} a && rm a && mv b a; do :; done 2> /dev/null; exit 0`;
      const child = spawn('/usr/bin/setpriv', command(swap), { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      await once(child.stdout, 'data');
      try {
        await removeLent(lent);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
      expect(await readdir(folder)).toEqual(['outside']);
      expect(await readdir(outside)).toEqual(['secret']);
    }
  });
});
