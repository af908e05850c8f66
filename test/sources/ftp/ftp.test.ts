import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { lookAround } from '../../support/nights/look-around.ts';
import { type FtpServer, startFtpServer } from '../../support/vendors/ftp-server.ts';

let root: string;
let server: FtpServer;
let source: Source;

async function start({ lacks = [], mdtmHours = 0, ...options }: Starting = {}): Promise<void> {
  server = await startFtpServer({ root, users: { demo: 'right' }, lacks, mdtmHours });
  source = connect(options);
}

interface Starting {
  readonly lacks?: string[];
  readonly mdtmHours?: number;
  readonly path?: string;
  readonly timeoutMilliseconds?: number;
}

function connect(changes: Partial<Parameters<typeof ftpSource>[0]> = {}): Source {
  const { port } = server;
  return ftpSource({ host: '127.0.0.1', port, user: 'demo', password: 'right', tls: 'none', path: '/', ...changes });
}

const logins = () => server.log.filter((line) => line.endsWith('PASS ***')).length;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ftp-source-'));
});
afterEach(async () => {
  await source.close();
  await server.close();
  await rm(root, { recursive: true });
});

const time = new Date('2026-11-20T02:13:14Z');

async function put(name: string, content: string | Buffer): Promise<void> {
  await writeFile(join(root, name), content);
  await utimes(join(root, name), time, time);
}

test.each([[[]], [['MLSD']]])('tells where it looks, and all that lies there (server lacks %j)', async (lacks) => {
  await start({ path: '/out', lacks });
  expect(source.place).toBe(`ftp://127.0.0.1:${server.port}/out`);
  expect(await lookAround(source)).toEqual({ exists: false, seen: [] });
  await mkdir(join(root, 'out', 'old'), { recursive: true });
  await put('out/A.CSV', 'x');
  await put('out/.a.csv.part', 'x');
  const seen = ['file .a.csv.part', 'file A.CSV', 'folder old'];
  expect(await lookAround(source)).toEqual({ exists: true, seen });
});

test.each([[[]], [['MLSD']]])('a folder that is not there yet is an empty one (server lacks %j)', async (lacks) => {
  await mkdir(join(root, 'out'));
  await start({ path: '/out/2026-11-20', lacks });
  expect(await source.list()).toEqual([]);
  await source.close();
  source = connect({ path: '/nothing/2026/11/20' });
  expect(await source.list()).toEqual([]);
  await mkdir(join(root, 'out', '2026-11-20'));
  await put('out/2026-11-20/a.csv', 'x');
  await source.close();
  source = connect({ path: '/out/2026-11-20' });
  expect(await source.list()).toMatchObject([{ name: 'a.csv' }]);
});

describe('list', () => {
  test.each([
    ['MLSD', []],
    ['MLSD without sizes, and SIZE', ['size']],
    ['LIST and MDTM where MLSD is missing', ['MLSD']],
    ['LIST without any time', ['MLSD', 'MDTM']],
  ])('by %s', async (_case, lacks) => {
    await start({ lacks });
    await put('b.csv', 'id\n');
    await put(' a.csv', '');
    await put('.in.b.csv', 'half');
    await put('tab\there.csv', 'x');
    await mkdir(join(root, 'archive'));
    await symlink('b.csv', join(root, 'latest.csv'));
    await symlink('archive', join(root, 'to-folder.csv'));
    await symlink('nowhere', join(root, 'dangling.csv'));
    const modified = lacks.includes('MDTM') ? null : '2026-11-20T02:13:14.000Z';
    expect(await source.list()).toEqual([
      { name: ' a.csv', size: 0, modified },
      { name: 'b.csv', size: 3, modified },
      { name: 'dangling.csv', size: 0, modified: null, unfollowed: true },
      { name: 'latest.csv', size: 3, modified },
      { name: 'to-folder.csv', size: 0, modified: null, unfollowed: true },
    ]);
    // Of a link only the server knows where it leads.
    const asked = server.log.filter((line) => /(SIZE|MDTM) .*[ab].csv/.test(line)).length;
    expect(asked).toBe(lacks.length === 0 ? 0 : 2);
    await source.close();
    source = connect({ links: 'ignore' });
    expect((await source.list()).map(({ name }) => name)).toEqual([' a.csv', 'b.csv']);
    expect(await source.stat('b.csv')).toEqual({ name: 'b.csv', size: 3, modified });
    expect(await source.stat(' a.csv')).toEqual({ name: ' a.csv', size: 0, modified });
  });

  test.each([[[]], [['MLST']]])(
    'compares the time of MLSD with nothing but its like (server lacks %j)',
    async (lacks) => {
      await start({ lacks, mdtmHours: -5 });
      await put('a.csv', 'id\n');
      const [listed] = await source.list();
      expect(await source.stat('a.csv')).toEqual(listed);
      expect(listed).toMatchObject({ modified: '2026-11-20T02:13:14.000Z' });
    },
  );

  test('of a folder below the login folder', async () => {
    await mkdir(join(root, 'out/daily news'), { recursive: true });
    await start();
    await put('out/daily news/a.csv', 'id\n');
    const daily = connect({ path: 'out/daily news' });
    expect((await daily.list()).map((file) => file.name)).toEqual(['a.csv']);
    expect((await buffer(daily.read('a.csv'))).toString()).toBe('id\n');
    await daily.close();
  });

  test('refuses a folder that is a file', async () => {
    await put('2026-11-20', 'x');
    await start();
    source = connect({ path: '/2026-11-20' });
    const message = expect.stringMatching(/CWD to \/2026-11-20: 550/);
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_DENIED', message });
  });
});

describe('read', () => {
  test('20 MB arrive byte for byte, in binary mode', async () => {
    const bytes = randomBytes(20_000_000);
    await put('big.bin', bytes);
    await start();
    expect((await buffer(source.read('big.bin'))).equals(bytes)).toBe(true);
    const commands = server.log.map((line) => line.split(' ')[2]);
    expect(commands.indexOf('TYPE')).toBeLessThan(commands.indexOf('RETR'));
    expect(server.log).toContain('1 plain TYPE I');
  });

  test('one connection serves one call after the other; overlapping ones do not wait for each other', async () => {
    await put('a.bin', randomBytes(5_000_000));
    await put('b.csv', 'id\n');
    await start();
    await source.list();
    await source.stat('b.csv');
    expect(logins()).toBe(1);
    const big = source.read('a.bin');
    await new Promise((resolve) => big.once('readable', resolve));
    expect((await buffer(source.read('b.csv'))).toString()).toBe('id\n');
    expect((await buffer(big)).length).toBe(5_000_000);
    await source.stat('a.bin');
    expect(logins()).toBe(2);
  });

  test('a slow reader holds the server back, and longer than the time-out is no stall', async () => {
    const bytes = randomBytes(20_000_000);
    await put('big.bin', bytes);
    await start();
    source = connect({ timeoutMilliseconds: 300 });
    const stream = source.read('big.bin') as Duplex;
    await new Promise((resolve) => stream.once('readable', resolve));
    await wait(900);
    expect(stream.readableLength + stream.writableLength).toBeLessThan(1_000_000);
    expect((await buffer(stream)).equals(bytes)).toBe(true);
  });

  test('a reader that stops early frees the connection, and the next call works', async () => {
    await put('big.bin', randomBytes(5_000_000));
    await start();
    const stream = source.read('big.bin');
    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await vi.waitFor(() => expect(server.log).toContain('1 plain QUIT'));
    expect(await source.stat('big.bin')).toMatchObject({ size: 5_000_000 });
  });

  test('a failure before anybody reads is kept for the reader', async () => {
    await start();
    const stream = source.read('missing.csv');
    await wait(100);
    await expect(buffer(stream)).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
  });

  test.each(['../secret.csv', 'a\r\nDELE b.csv', 'folder/a.csv', ''])('refuses the name %j', async (name) => {
    await start();
    await expect(source.stat(name)).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    await expect(buffer(source.read(name))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect(server.log.join('\n')).not.toMatch(/SIZE|RETR|DELE/);
  });
});

describe('logging in', () => {
  test('a wrong password is tried once and never shown, even when the server echoes it', async () => {
    await start();
    source = connect({ password: 'Login incorrect' });
    const failure = await source.list().catch((error) => error);
    expect(failure).toMatchObject({ name: 'SOURCE_LOGIN', transient: false });
    expect(failure.message).toContain('530 ***');
    expect(failure.cause).toBeUndefined();
    expect(logins()).toBe(1);
  });

  test('a password with a line end is refused before it is sent', async () => {
    await start();
    source = connect({ password: 'right\n' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN' });
    expect(server.log.join('\n')).not.toMatch(/USER|PASS/);
  });

  test('nothing is connected before the first call; plain FTP is noted', async () => {
    await start();
    expect(source.notes).toEqual([expect.stringMatching(/^This connection is not encrypted: /)]);
    await wait(50);
    expect(server.log).toEqual([]);
  });

  test('a port where nobody listens is unreachable', async () => {
    await start();
    await server.close();
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE', transient: true });
  });

  test('a host name that does not exist is unreachable', async () => {
    await start();
    source = connect({ host: 'vendor.invalid' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE' });
  });

  test('the next call after a restart of the server logs in again', async () => {
    await put('a.csv', 'id\n');
    await start();
    await source.list();
    const { port } = server;
    await server.close();
    server = await startFtpServer({ root, port });
    expect(await source.stat('a.csv')).toMatchObject({ size: 3 });
  });
});
