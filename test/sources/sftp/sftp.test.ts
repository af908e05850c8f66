import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Source } from '../../../lib/ports/source.ts';
import { sftpSource } from '../../../lib/sources/sftp/sftp.ts';
import { lookAround } from '../../support/nights/look-around.ts';
import { newKey, type SftpServer, type SftpServerOptions, startSftpServer } from '../../support/vendors/sftp-server.ts';

type Config = Parameters<typeof sftpSource>[0];

const content = randomBytes(3_000_000);
const time = new Date('2026-11-20T02:13:14Z');
const unreachable = { name: 'SOURCE_UNREACHABLE', transient: true };

let root: string;
let server: SftpServer;
let source: Source;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sftp-source-'));
});
afterEach(async () => {
  await source?.close();
  await server?.close();
  await rm(root, { recursive: true });
});

async function start(options: Partial<SftpServerOptions> = {}, client: Partial<Config> = {}): Promise<void> {
  server = await startSftpServer({ root, users: { demo: 'right' }, ...options });
  source = connect(client);
}

function connect(client: Partial<Config> = {}): Source {
  const secrets = { password: 'right', key: undefined, passphrase: undefined };
  const address = { host: '127.0.0.1', port: server.port, user: 'demo', path: '/', hostKeys: [server.fingerprint] };
  return sftpSource({ ...address, ...secrets, timeoutMilliseconds: 400, ...client });
}

async function put(name: string, bytes: string | Buffer): Promise<void> {
  await writeFile(join(root, name), bytes);
  await utimes(join(root, name), time, time);
}

const logins = () => server.log.filter((line) => /^(password|keyboard-interactive|publickey) /.test(line));

test('tells where it looks, and all that lies there', async () => {
  await start();
  expect(source.place).toBe(`sftp://127.0.0.1:${server.port}/`);
  expect(connect({ path: 'out/2026' }).place).toBe(`sftp://127.0.0.1:${server.port}/~/out/2026`);
  await mkdir(join(root, 'old'));
  await put('A.CSV', 'x');
  await symlink('A.CSV', join(root, 'a.csv'));
  expect(await lookAround(source)).toEqual({ exists: true, seen: ['file A.CSV', 'folder old', 'link a.csv'] });
});

describe('list', () => {
  test.each([false, true])('regular files with size and time (bare listing: %s)', async (bareListing) => {
    await start();
    server.faults.bareListing = bareListing;
    await put('b.csv', 'id\n');
    await put(' a.csv', '');
    await put('.b.csv.part', 'half');
    await put('tab\there.csv', 'x');
    await mkdir(join(root, 'archive'));
    await symlink('b.csv', join(root, 'latest.csv'));
    await symlink('archive', join(root, 'to-folder.csv'));
    await symlink('nowhere', join(root, 'dangling.csv'));
    const modified = '2026-11-20T02:13:14.000Z';
    const files = [...(await source.list())].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(files).toEqual([
      { name: ' a.csv', size: 0, modified },
      { name: 'b.csv', size: 3, modified },
      { name: 'dangling.csv', size: 0, modified: null, unfollowed: true },
      { name: 'latest.csv', size: 3, modified },
    ]);
    expect(await source.stat('b.csv')).toEqual(files[1]);
    expect(logins()).toEqual(['password demo']);
  });

  test('a folder that goes while it is listed is not', async () => {
    await start();
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await put(name, 'x');
    server.faults.status = { request: 'READDIR', code: 2, times: 1 };
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_CHANGED', transient: true });
  });

  test('a folder that is denied is not', async () => {
    await start();
    server.faults.status = { request: 'OPENDIR', code: 3, times: 1 };
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_DENIED', transient: false });
  });
});

describe('read', () => {
  test.each([undefined, 1, 4096, 30_999])(
    'byte for byte, from the start and from the middle (answers of at most %s bytes)',
    async (maxRead) => {
      const bytes = maxRead === 1 ? content.subarray(0, 1500) : content;
      await put('a.bin', bytes);
      await start();
      if (maxRead) server.faults.maxRead = maxRead;
      expect((await buffer(source.read('a.bin'))).equals(bytes)).toBe(true);
      expect((await buffer(source.read('a.bin', 1001))).equals(bytes.subarray(1001))).toBe(true);
      expect(await buffer(source.read('a.bin', bytes.length))).toHaveLength(0);
      expect(logins()).toHaveLength(1);
    },
  );

  test.each([0, 1, 31_000, 62_000])('a file of %d bytes', async (size) => {
    await put('a.bin', content.subarray(0, size));
    await start();
    expect((await buffer(source.read('a.bin'))).equals(content.subarray(0, size))).toBe(true);
  });

  test('a slow reader is no stall, and a reader that stops early does no harm', async () => {
    await put('a.bin', content);
    await start();
    const stream = source.read('a.bin');
    await new Promise((resolve) => stream.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect((await buffer(stream)).equals(content)).toBe(true);
    for await (const chunk of source.read('a.bin')) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await source.stat('a.bin')).size).toBe(content.length);
  });

  test.each(['../secret.csv', 'folder/a.csv', ''])('refuses the name %j', async (name) => {
    await start();
    await expect(source.stat(name)).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    await expect(buffer(source.read(name))).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
    expect(server.log.join('\n')).not.toMatch(/OPEN |LSTAT/);
  });

  test('a link is followed unless the feed says that it is no file', async () => {
    await put('b.csv', 'id\n');
    await symlink('b.csv', join(root, 'a.csv'));
    await start();
    expect(await source.stat('a.csv')).toMatchObject({ size: 3 });
    expect((await buffer(source.read('a.csv'))).toString()).toBe('id\n');
    await source.close();
    await start({}, { links: 'ignore' });
    expect((await source.list()).map(({ name }) => name)).toEqual(['b.csv']);
    await expect(source.stat('a.csv')).rejects.toMatchObject({ name: 'SOURCE_DENIED' });
  });
});

describe('a transfer that breaks fails, and the next one is whole', () => {
  test.each([0, 1, 1_500_000, 2_999_999])('cut at %d', async (atByte) => {
    await put('a.bin', content);
    await start();
    server.faults.cut = { atByte, times: 1 };
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject(unreachable);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });

  test('stall', async () => {
    await put('a.bin', content);
    await start();
    server.faults.stall = { atByte: 1_000_000, times: 1 };
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject({
      ...unreachable,
      message: expect.stringContaining('no answer for 400 ms'),
    });
    server.faults.stall.times = 0;
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });

  test.each([
    [4, unreachable],
    [3, { name: 'SOURCE_DENIED' }],
    [2, { name: 'SOURCE_CHANGED' }],
  ])('status %d', async (code, failure) => {
    await put('a.bin', content);
    await start();
    server.faults.status = { request: 'READ', code, times: 1 };
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject(failure);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
    expect(logins()).toHaveLength(1);
  });

  test('a server with nothing but old algorithms', async () => {
    await start({ algorithms: { kex: ['diffie-hellman-group1-sha1'] } });
    await expect(source.list()).rejects.toMatchObject({
      name: 'SOURCE_OUTDATED',
      message: expect.stringContaining('no matching key exchange algorithm'),
      transient: false,
    });
  });

  test('a server that came back is logged in to again', async () => {
    await put('a.bin', content);
    const hostKey = newKey().private;
    await start({ hostKey });
    await source.list();
    const { port } = server;
    await server.close();
    await expect(source.stat('a.bin')).rejects.toMatchObject(unreachable);
    server = await startSftpServer({ root, users: { demo: 'right' }, port, hostKey });
    expect(await source.stat('a.bin')).toMatchObject({ size: content.length });
  });
});

describe('the host key', () => {
  test('another one is refused before user or password are sent', async () => {
    const { fingerprint } = await (async () => {
      const other = await startSftpServer({ root, users: {} });
      await other.close();
      return other;
    })();
    await start({}, { hostKeys: [fingerprint] });
    await expect(source.list()).rejects.toMatchObject({
      name: 'SOURCE_HOST_KEY',
      transient: false,
      message: expect.stringContaining(`ssh-ed25519 key ${server.fingerprint}; host_key allows ${fingerprint}`),
    });
    expect(server.log).toEqual([]);
    await source.close();
    source = connect({ hostKeys: [fingerprint, server.fingerprint] });
    expect(await source.list()).toEqual([]);
  });

  test('its fingerprint is what ssh-keygen prints', async () => {
    const hostKey = newKey();
    await start({ hostKey: hostKey.private });
    await writeFile(join(root, 'host.pub'), hostKey.public);
    expect(
      execFileSync('ssh-keygen', ['-lf', join(root, 'host.pub')])
        .toString()
        .split(' ')[1],
    ).toBe(server.fingerprint);
  });
});

describe('logging in', () => {
  test.each(['password', 'keyboard-interactive'] as const)(
    'a wrong password by %s is sent once and never shown',
    async (method) => {
      await start({ method }, { password: 'nobody-knows-me' });
      const failure = await source.list().catch((error) => error);
      expect(failure).toMatchObject({
        name: 'SOURCE_LOGIN',
        transient: false,
        message: expect.stringContaining(method),
      });
      expect(JSON.stringify([failure.message, String(failure.cause)])).not.toContain('nobody-knows-me');
      expect(logins()).toEqual([`${method} demo`]);
      await source.close();
      source = connect();
      expect(await source.list()).toEqual([]);
    },
  );

  test('a server that hangs up on a wrong password is not tried again either', async () => {
    await start({ hangsUp: true }, { password: 'wrong' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN', transient: false });
    expect(logins()).toHaveLength(1);
  });

  test('a server that wants a key is told nothing of the password', async () => {
    await start({ method: 'publickey', publicKey: newKey().public });
    await expect(source.list()).rejects.toMatchObject({
      name: 'SOURCE_LOGIN',
      message: expect.stringContaining('it accepts publickey'),
    });
    expect(logins()).toEqual([]);
  });

  test.each([
    ['ed25519', undefined],
    ['ed25519', 'opens it'],
    ['rsa', undefined],
    ['ecdsa', undefined],
  ] as const)('by a private key of OpenSSH: %s, passphrase %s', async (type, passphrase) => {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase ?? '', '-f', join(root, 'id')]);
    // Files of secrets are read without their last line end.
    const key = (await readFile(join(root, 'id'), 'utf8')).trimEnd();
    const publicKey = await readFile(join(root, 'id.pub'), 'utf8');
    await start({ method: 'publickey', publicKey }, { password: undefined, key, passphrase });
    expect(await source.list()).toHaveLength(2);
    expect(logins()).toEqual(['publickey demo']);
  });

  test.each([
    ['garbage', 'no key', undefined],
    ['another passphrase', undefined, 'wrong'],
    ['no passphrase', undefined, undefined],
  ])('a key that cannot be read is said, without its text: %s', async (_case, text, passphrase) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'opens it', '-f', join(root, 'id')]);
    const key = text ?? (await readFile(join(root, 'id'), 'utf8'));
    await start({ method: 'publickey', publicKey: newKey().public }, { password: undefined, key, passphrase });
    const failure = await source.list().catch((error) => error);
    expect(failure).toMatchObject({ name: 'SOURCE_LOGIN', message: expect.stringContaining('private key') });
    expect(failure.message).not.toContain(key.slice(40, 60) || key);
    expect(server.log).toEqual([]);
  });

  test('key and password, one after the other', async () => {
    const key = newKey();
    await start({ method: 'both', publicKey: key.public }, { key: key.private });
    expect(await source.list()).toEqual([]);
    expect(logins()).toEqual(['publickey demo', 'password demo']);
  });

  test('nothing is connected before the first call; overlapping calls log in once', async () => {
    await put('a.csv', 'id\n');
    await start();
    expect(source.notes).toEqual([]);
    await Promise.all([source.list(), source.stat('a.csv'), buffer(source.read('a.csv'))]);
    expect(logins()).toHaveLength(1);
  });

  test('a port where nobody listens, and a host name that does not exist, are unreachable', async () => {
    await start();
    await server.close();
    await expect(source.list()).rejects.toMatchObject(unreachable);
    source = connect({ host: 'vendor.invalid' });
    await expect(source.list()).rejects.toMatchObject(unreachable);
  });
});
