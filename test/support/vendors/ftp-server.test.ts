import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Client } from 'basic-ftp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FtpServer, startFtpServer } from './ftp-server.ts';

let folder: string;
let server: FtpServer;
let client: Client;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftp-server-'));
  await mkdir(join(folder, 'root/in'), { recursive: true });
  await writeFile(join(folder, 'secret.csv'), 'secret');
  await writeFile(join(folder, 'root/in/a.csv'), '0123456789');
  await symlink(join(folder, 'secret.csv'), join(folder, 'root/link.csv'));
  await symlink(folder, join(folder, 'root/up'));
  server = await startFtpServer({ root: join(folder, 'root'), users: { demo: 'right' } });
  client = new Client(1000);
  await client.access({ host: '127.0.0.1', port: server.port, user: 'demo', password: 'right' });
});
afterEach(async () => {
  client.close();
  await server.close();
  await rm(folder, { recursive: true });
});

async function download(name: string, startAt: number): Promise<string> {
  const bytes = new PassThrough();
  const [text] = await Promise.all([buffer(bytes), client.downloadTo(bytes, name, startAt)]);
  return text.toString();
}

test.each(['../secret.csv', '/../secret.csv', 'in/../../secret.csv', 'link.csv', 'up/secret.csv', 'in', 'none.csv'])(
  'refuses %s',
  async (path) => {
    await expect(client.size(path)).rejects.toMatchObject({ code: 550 });
    await expect(client.cd(path === 'in' ? '../../' : path)).rejects.toMatchObject({ code: 550 });
  },
);

test('serves folders, and resumes unless told to ignore it', async () => {
  await client.cd('in');
  expect(await client.pwd()).toBe('/in');
  await client.cd('..');
  expect(await client.size('in/a.csv')).toBe(10);
  expect(await download('in/a.csv', 7)).toBe('789');
  server.inject({ kind: 'ignoreRest', file: 'in/a.csv', times: 1 });
  expect(await download('in/a.csv', 7)).toBe('0123456789');
  expect(await download('in/a.csv', 7)).toBe('789');
});

test('answers nothing but log-in commands before the login', async () => {
  const stranger = new Client(1000);
  await stranger.connect('127.0.0.1', server.port);
  await expect(stranger.size('in/a.csv')).rejects.toMatchObject({ code: 530 });
  await expect(stranger.login('demo', 'wrong')).rejects.toMatchObject({ code: 530 });
  await expect(stranger.list()).rejects.toMatchObject({ message: expect.stringContaining('530') });
  stranger.close();
});
