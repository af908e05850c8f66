import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSecret } from '../../../bin/cli/commands/secrets.ts';
import { confine } from '../../../bin/cli/home/confine.ts';
import { answerOf, nightfeed } from '../../support/nights/command-line.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';
import { startFtpServer } from '../../support/vendors/ftp-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'nightfeed-secrets-')));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const refusal = (reference: string) =>
  readSecret(reference).then(
    () => 'read',
    ({ name }) => name,
  );

async function fileWith(name: string, text = 'hunter2\n'): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test('reserved variables and files are no secrets, whatever feed file names them, also through a link', async () => {
  vi.stubEnv('NIGHTFEED_HOME', join(folder, 'home'));
  await mkdir(join(folder, 'home', 'postgres'), { recursive: true });
  await mkdir(join(folder, '.nightfeed'));
  await symlink('/proc/self/environ', join(folder, 'link'));
  const references = [
    'env:NIGHTFEED_DATABASE_URL',
    'env:AWS_SECRET_ACCESS_KEY',
    'file:/proc/self/environ',
    'file:/dev/zero',
    `file:${join(folder, 'link')}`,
    `file:${await fileWith('home/postgres/password')}`,
    `file:${await fileWith('.nightfeed/password')}`,
  ];
  for (const reference of references) expect(`${reference} ${await refusal(reference)}`).toMatch(/ SECRET_REFUSED$/);
});

test('a secret is the text of a file, of a bounded one', async () => {
  vi.stubEnv('VENDOR', 'tiger');
  expect(await readSecret('env:VENDOR')).toBe('tiger');
  expect(await readSecret(`file:${await fileWith('key')}`)).toBe('hunter2');
  expect(await refusal(`file:${await fileWith('large', 'x'.repeat(2 ** 20 + 1))}`)).toBe('SECRET_MISSING');
  expect(await refusal(`file:${folder}`)).toBe('SECRET_MISSING');
  expect(await refusal('env:NOT_SET_ANYWHERE')).toBe('SECRET_MISSING');
});

test('NIGHTFEED_SECRETS is the list of what may be named, where it is set', async () => {
  vi.stubEnv('VENDOR', 'tiger');
  vi.stubEnv('OTHER', 'lion');
  await mkdir(join(folder, 'secrets'));
  const [listed, other] = [await fileWith('secrets/key'), await fileWith('key')];
  await symlink(other, join(folder, 'secrets', 'out'));
  vi.stubEnv('NIGHTFEED_SECRETS', `VENDOR,${join(folder, 'secrets')}`);
  expect([await readSecret('env:VENDOR'), await readSecret(`file:${listed}`)]).toEqual(['tiger', 'hunter2']);
  expect(await refusal('env:OTHER')).toBe('SECRET_REFUSED');
  expect(await refusal('secret:vendor/ftp')).toBe('SECRET_REFUSED');
  expect(await refusal(`file:${other}`)).toBe('FILE_REFUSED');
  expect(await refusal(`file:${join(folder, 'secrets', 'out')}`)).toBe('FILE_REFUSED');
  vi.stubEnv('NIGHTFEED_SECRETS', 'NIGHTFEED_DATABASE_URL');
  expect(await refusal('env:NIGHTFEED_DATABASE_URL')).toBe('SECRET_REFUSED');
  vi.stubEnv('NIGHTFEED_SECRETS', '');
  expect(await refusal('env:VENDOR')).toBe('SECRET_REFUSED');
});

test('NIGHTFEED_FILES confines files and folders, their links followed', async () => {
  await mkdir(join(folder, 'in'));
  await mkdir(join(folder, 'inside-out'));
  const [listed, other] = [await fileWith('in/key'), await fileWith('inside-out/key')];
  await symlink(folder, join(folder, 'in', 'up'));
  await symlink(join(folder, 'nowhere'), join(folder, 'in', 'dangling'));
  vi.stubEnv('NIGHTFEED_FILES', join(folder, 'in'));
  expect(await readSecret(`file:${listed}`)).toBe('hunter2');
  expect(await refusal(`file:${other}`)).toBe('FILE_REFUSED');
  expect(await refusal(`file:${join(folder, 'in', 'up', 'inside-out', 'key')}`)).toBe('FILE_REFUSED');
  const within = (path: string) =>
    confine(join(folder, path), [join(folder, 'in')], 'NIGHTFEED_FILES').then(
      () => true,
      ({ name }) => name,
    );
  expect(await Promise.all(['in', 'in/2026-11-20', 'in/../in'].map(within))).toEqual([true, true, true]);
  for (const path of ['.', 'inside-out', 'in/../inside-out', 'in/up', 'in/up/new', 'in/dangling', 'in/dangling/x'])
    expect(`${path} ${await within(path)}`).toBe(`${path} FILE_REFUSED`);
});

test('a plan sends the vendor nothing that is not the vendor’s, and reads no folder from outside', async () => {
  const server = await startFtpServer({ root: folder });
  const database = await freshDatabase();
  const tables = 'tables: {items: {files: "*", columns: {id: {type: bigint, key: true}}}}\n';
  const ask = async (source: string, env: Record<string, string>) => {
    await writeFile(join(folder, 'feed.yaml'), `feed: shop\nsource: ${source}\n${tables}`);
    const own = { NIGHTFEED_HOME: join(folder, 'home'), NIGHTFEED_DATABASE_URL: database.url };
    const ended = await nightfeed(['plan', 'feed.yaml', '--json'], { ...own, ...env }, folder);
    expect(ended.code).toBe(2);
    return answerOf(ended).error;
  };
  const ftp = (password: string) =>
    `{ftp: {host: 127.0.0.1, port: ${server.port}, user: ada, password: "${password}"}}`;
  try {
    expect(await ask(ftp('env:NIGHTFEED_DATABASE_URL'), {})).toMatchObject({ name: 'FEED_INVALID' });
    const unlisted = await ask(ftp('env:OTHER'), { OTHER: 'hunter2', NIGHTFEED_SECRETS: 'VENDOR' });
    expect(unlisted).toMatchObject({ name: 'SECRET_REFUSED', message: expect.stringContaining('env:OTHER') });
    expect(await ask('{folder: /etc}', { NIGHTFEED_FILES: folder })).toMatchObject({
      name: 'FILE_REFUSED',
      message: `/etc lies in none of the folders of NIGHTFEED_FILES`,
    });
    expect(server.log).toEqual([]);
  } finally {
    await database.drop();
    await server.close();
  }
});
