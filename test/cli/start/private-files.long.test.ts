import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { engineAccount } from '../../../bin/cli/home/unix-names.ts';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';

const program = fileURLToPath(new URL('../../../bin/nightfeed.ts', import.meta.url));
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

let desk: Desk;
let home: string;
beforeEach(async () => {
  desk = await Desk.open();
  home = join(desk.folder, 'home');
});
afterEach(() => desk.close());

/** A delivery with a reject, whose night is published. */
async function deliver(): Promise<void> {
  await writeFile(desk.feed, (await readFile(desk.feed, 'utf8')).replace('min_rows: 0', 'rejected: 50%'));
  await desk.deliver('2026-11-20', `${itemsCsv(10)}eleven,not a number\n`);
}

/** A home as an earlier version made it. */
async function openHome(): Promise<void> {
  await mkdir(join(home, 'lake'), { recursive: true });
  for (const folder of [home, join(home, 'lake')]) await chmod(folder, 0o755);
}

const night = () => ['run', desk.feed, '--date', '2026-11-20'];

/** A command where whoever started it lets everybody read and write. */
function open(args: readonly string[], env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const shell = ['-c', 'umask 0; exec "$0" "$@"', process.execPath, program, ...args];
  return new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile('/bin/sh', shell, { env: { PATH, ...desk.env, ...env } }, (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    );
  });
}

/** `mode path` of all below a folder that others than its user get at. */
async function openTo(bits: number, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const found = await Promise.all(
    ['', ...entries].map(async (name) => ({ name, mode: (await lstat(join(folder, name))).mode & 0o777 })),
  );
  expect(found.length).toBeGreaterThan(10);
  return found.filter(({ mode }) => (mode & bits) !== 0).map(({ name, mode }) => `${mode.toString(8)} ${name}`);
}

/** What of all below a folder belongs to another user, or has a second name that another may write by. */
async function ofOthers(folder: string): Promise<string[]> {
  const found = await Promise.all(
    (await readdir(folder, { recursive: true })).map(async (name) => ({
      name,
      entry: await lstat(join(folder, name)),
    })),
  );
  const me = process.getuid!();
  return found.filter(({ entry }) => entry.uid !== me || (entry.isFile() && entry.nlink > 1)).map(({ name }) => name);
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

test('whatever the umask is, the home and a report are its user’s alone', async () => {
  await deliver();
  // The desk's folder is closed to others, too: what is read below it is read in spite of that.
  expect(await modeOf(desk.folder)).toBe('700');
  expect(await open(night())).toMatchObject({ code: 0, stderr: expect.not.stringContaining('DuckDB runs as root') });
  expect(await modeOf(home)).toBe('700');
  expect(await ofOthers(home)).toEqual([]);
  expect(await openTo(0o077, home)).toEqual([]);
  const csv = join(desk.folder, 'rejects.csv');
  await writeFile(csv, 'an old one', { mode: 0o644 });
  expect(await open(['quarantine', 'show', 'shop/2026-11-20', '--csv', csv])).toMatchObject({ code: 0 });
  expect(await modeOf(csv)).toBe('600');
  expect(await readFile(csv, 'utf8')).toContain('eleven');
});

test('a home from before is closed, and that is said once', async () => {
  await openHome();
  const { stderr } = await open(['status']);
  expect(stderr).toContain(`${home} was open to other users (755), and is closed now`);
  expect([await modeOf(home), await modeOf(join(home, 'lake'))]).toEqual(['700', '700']);
  expect((await open(['status'])).stderr).not.toContain('open to other users');
});

test('a folder that holds other things stays as it is, and what is ours in it is closed', async () => {
  await openHome();
  await writeFile(join(home, 'notes.txt'), '');
  await open(['status']);
  expect([await modeOf(home), await modeOf(join(home, 'lake'))]).toEqual(['755', '700']);
  await chmod(home, 0o777);
  expect(await open(['status'])).toMatchObject({ code: 2, stderr: expect.stringContaining(`chmod o-w ${home}`) });
});

test('a report is not written through a link', async () => {
  const [victim, trap] = [join(desk.folder, 'victim'), join(desk.folder, 'trap.csv')];
  await writeFile(victim, 'precious');
  await symlink(victim, trap);
  const { code, stderr } = await open(['quarantine', 'show', 'shop/2026-11-20', '--csv', trap]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be written: ELOOP')]);
  expect(await readFile(victim, 'utf8')).toBe('precious');
});

describe.skipIf(!isRoot)(`other users${isRoot ? '' : ' (skipped: only root makes their files)'}`, () => {
  test('a home, a lake or a report of somebody else is refused by the name of the user', async () => {
    await openHome();
    const csv = join(desk.folder, 'theirs.csv');
    await writeFile(csv, '');
    for (const [path, args] of [
      [home, ['status']],
      [join(home, 'lake'), ['status']],
      [csv, ['quarantine', 'show', 'shop/2026-11-20', '--csv', csv]],
    ] as const) {
      await chown(path, NOBODY, NOBODY);
      const { code, stderr } = await open(args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`OTHER_USER +${path} belongs to nobody`))]);
      await chown(path, 0, 0);
    }
  });

  test('NIGHTFEED_GROUP lets a group in, to the bottom, and nobody else', async () => {
    const group = { NIGHTFEED_GROUP: String(NOBODY) };
    await deliver();
    expect(await open(night(), group)).toMatchObject({ code: 0 });
    expect(await modeOf(home)).toBe('2770');
    expect(await openTo(0o007, home)).toEqual([]);
    const entries = await readdir(join(home, 'lake'), { recursive: true, withFileTypes: true });
    const found = await Promise.all(entries.map(({ parentPath, name }) => stat(join(parentPath, name))));
    expect(found.filter(({ gid, mode }) => gid !== NOBODY || (mode & 0o060) !== 0o060)).toEqual([]);
    // A colleague made it.
    await chown(home, NOBODY, NOBODY);
    expect(await open(['status'], group)).toMatchObject({ code: 0 });
  });

  test('DuckDB is no user who has rights or files of others', async () => {
    for (const user of ['root', '0', '00', 'nobody', String(NOBODY), '4294967295', 'no-such-user', '-1'])
      expect(() => engineAccount(user)).toThrow(`NIGHTFEED_ENGINE_USER: received "${user}", which`);
    expect(await open(['status'], { NIGHTFEED_ENGINE_USER: 'root' })).toMatchObject({ code: 2 });
    await deliver();
    expect(await open(night(), { NIGHTFEED_ENGINE_USER: '4711' })).toMatchObject({ code: 0 });
    expect(await ofOthers(home)).toEqual([]);
  });

  test('a root who may not lend the right to read, as in a container, is told that DuckDB is root, once a command', async () => {
    await deliver();
    const { PATH = '' } = process.env;
    const args = ['--bounding-set=-dac_read_search', process.execPath, program, ...night()];
    const run = promisify(execFile)('/usr/bin/setpriv', args, { env: { PATH, ...desk.env } });
    expect((await run).stderr.match(/DuckDB runs as root here/g)).toHaveLength(1);
  });

  test('a lake from before the group is refused with the command that lets it in', async () => {
    await openHome();
    const { code, stderr } = await open(['status'], { NIGHTFEED_GROUP: String(NOBODY) });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`chgrp -R ${NOBODY} ${join(home, 'lake')}`)]);
    expect(await open(['status'], { NIGHTFEED_GROUP: 'no-such-group' })).toMatchObject({ code: 2 });
  });
});
