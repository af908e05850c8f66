import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { type Fault, type FtpServer, startFtpServer } from '../../support/vendors/ftp-server.ts';

const size = 1_000_000;
const content = randomBytes(size);
const timeoutMilliseconds = 300;

let root: string;
let server: FtpServer;
let source: Source;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ftp-faults-'));
  await writeFile(join(root, 'a.bin'), content);
  await start();
});
afterEach(async () => {
  await source.close();
  await server.close();
  await rm(root, { recursive: true });
});

async function start(lacks: string[] = []): Promise<void> {
  server = await startFtpServer({ root, lacks });
  source = ftpSource({
    host: '127.0.0.1',
    port: server.port,
    user: 'demo',
    password: 'x',
    tls: 'none',
    path: '/',
    timeoutMilliseconds,
  });
}

async function restart(lacks: string[]): Promise<void> {
  await source.close();
  await server.close();
  await start(lacks);
}

const unreachable = { name: 'SOURCE_UNREACHABLE', transient: true };
const unconfirmed = { name: 'SOURCE_UNCONFIRMED', transient: true };
const denied = { name: 'SOURCE_DENIED', transient: false };

describe('a transfer that breaks fails, and the next one is whole', () => {
  const atBytes = [0, 1, size / 2, size - 1];
  test.each<[string, Fault, object]>([
    ...atBytes.map((atByte): [string, Fault, object] => [`426 at ${atByte}`, { kind: 'cut426', atByte }, unreachable]),
    ...atBytes.map((atByte): [string, Fault, object] => [`reset at ${atByte}`, { kind: 'reset', atByte }, unreachable]),
    ...atBytes.map((atByte): [string, Fault, object] => [`stall at ${atByte}`, { kind: 'stall', atByte }, unreachable]),
    ['426 after the last byte', { kind: 'cut426', atByte: size }, unreachable],
    ['final answer lost', { kind: 'loseReply' }, unconfirmed],
    ['421 instead of the final answer', { kind: 'idleReply' }, unconfirmed],
    ['no answer to RETR', { kind: 'silent' }, unreachable],
    ['no greeting', { kind: 'silent', command: 'CONNECT' }, unreachable],
    ['no answer to PASS', { kind: 'silent', command: 'PASS' }, unreachable],
    ['connection reset instead of an answer', { kind: 'dropped' }, unreachable],
    ['busy', { kind: 'busy' }, unreachable],
    ['denied', { kind: 'denied' }, denied],
    ['login refused for now', { kind: 'busy', command: 'USER' }, unreachable],
  ])('%s', async (_case, fault, failure) => {
    server.inject({ ...fault, times: 1 });
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject(failure);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });
});

test('who reads late gets all that came before 421 instead of the final answer', async () => {
  server.inject({ kind: 'idleReply' });
  const bytes = source.read('a.bin', size - 50_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  let received = 0;
  const read = async () => {
    for await (const chunk of bytes as AsyncIterable<Buffer>) received += chunk.length;
  };
  await expect(read()).rejects.toMatchObject(unconfirmed);
  expect(received).toBe(50_000);
});

describe('what only the numbers tell', () => {
  test.each([0, 1, size / 2, size - 1])('cut at %d and called complete: the stream ends short', async (atByte) => {
    server.inject({ kind: 'cut226', atByte, times: 1 });
    const bytes = await buffer(source.read('a.bin'));
    expect(bytes.equals(content.subarray(0, atByte))).toBe(true);
    expect((await source.stat('a.bin')).size).toBe(size);
  });

  test('replaced meanwhile: old bytes, and another size and time afterwards', async () => {
    server.inject({ kind: 'replace', atByte: size / 2 });
    const before = await source.stat('a.bin');
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
    const after = await source.stat('a.bin');
    expect(after.size).not.toBe(before.size);
    expect(after.modified).not.toBe(before.modified);
  });

  test('replaced by as many bytes: only the time tells', async () => {
    server.inject({ kind: 'replace', atByte: 1, content: 'x'.repeat(size) });
    const before = await source.stat('a.bin');
    await buffer(source.read('a.bin'));
    const after = await source.stat('a.bin');
    expect(after.size).toBe(before.size);
    expect(after.modified).not.toBe(before.modified);
  });
});

describe('the control connection', () => {
  test('closed by 421 between LIST and RETR is opened again', async () => {
    server.inject({ kind: 'closeControlAfterList', times: 1 });
    await source.list();
    // The reply is on its way while nobody reads: half a second is long, also on a machine with much to do.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
    expect(server.log.filter((line) => line.includes('USER'))).toHaveLength(2);
  });

  test.each<[string, Fault, object]>([
    ['SIZE', { kind: 'busy', command: 'SIZE' }, unreachable],
    ['SIZE', { kind: 'denied', command: 'SIZE' }, denied],
    ['MLST', { kind: 'busy', command: 'MLST' }, unreachable],
  ])('a refused %s fails stat, and the connection is not used again', async (_command, fault, failure) => {
    server.inject({ ...fault, times: 1 });
    await expect(source.stat('a.bin')).rejects.toMatchObject(failure);
    expect((await source.stat('a.bin')).size).toBe(size);
    expect(server.log.filter((line) => line.includes('USER'))).toHaveLength(2);
  });

  test('a refused MLSD fails the listing; it is not asked again as LIST, which tells less', async () => {
    server.inject({ kind: 'busy', command: 'MLSD' });
    await expect(source.list()).rejects.toMatchObject(unreachable);
    expect(server.log.join('\n')).not.toContain('LIST');
  });
});

describe('the data connection', () => {
  test('goes by EPSV, so that a false address in PASV does no harm', async () => {
    server.inject({ kind: 'passiveLies' });
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });

  test('works by PASV alone', async () => {
    await restart(['EPSV']);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });

  test('is refused clearly when PASV alone names another host', async () => {
    await restart(['EPSV']);
    server.inject({ kind: 'passiveLies' });
    await expect(source.list()).rejects.toMatchObject({
      name: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('10.255.255.1'),
    });
  });

  test('is refused by a firewall', async () => {
    server.inject({ kind: 'passiveBlocked' });
    await expect(source.list()).rejects.toMatchObject(unreachable);
  });
});
