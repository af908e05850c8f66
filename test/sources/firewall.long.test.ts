import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import type { Source } from '../../lib/ports/source.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { s3Source } from '../../lib/sources/s3/s3.ts';
import { sftpSource } from '../../lib/sources/sftp/sftp.ts';
import { droppingPort } from '../support/vendors/dropping-port.ts';
import { type FtpServer, startFtpServer } from '../support/vendors/ftp-server.ts';

/** A firewall that drops packets says nothing: only a time-out tells. */
const timeoutMilliseconds = 300;
/** For the time-out, twice where the SDK of a source asks again, on a busy machine. */
const BOUND_MS = 30_000;

const host = '127.0.0.1';
const ftp = { host, user: 'demo', password: 'x', tls: 'none', path: '/', timeoutMilliseconds } as const;

async function endsInTime(work: Promise<unknown>, message: RegExp): Promise<void> {
  const begun = performance.now();
  const failure = { name: 'SOURCE_UNREACHABLE', transient: true, message: expect.stringMatching(message) };
  await expect(work).rejects.toMatchObject(failure);
  const spent = performance.now() - begun;
  expect(spent).toBeGreaterThan(timeoutMilliseconds * 0.9);
  expect(spent).toBeLessThan(BOUND_MS);
}

const opened = (source: Source): Source => {
  onTestFinished(() => source.close());
  return source;
};

test.each<[string, (port: number) => Source]>([
  ['FTP', (port) => ftpSource({ ...ftp, port })],
  ['FTP with AUTH TLS', (port) => ftpSource({ ...ftp, port, tls: 'explicit' })],
  ['FTP with TLS from the start', (port) => ftpSource({ ...ftp, port, tls: 'implicit' })],
  [
    'SFTP',
    (port) =>
      sftpSource({ ...ftp, port, key: undefined, passphrase: undefined, hostKeys: [`SHA256:${'a'.repeat(43)}`] }),
  ],
  [
    'S3',
    (port) =>
      s3Source({
        bucket: 'vendor',
        path: '',
        endpoint: `http://${host}:${port}`,
        accessKey: 'a',
        secretKey: 's',
        timeoutMilliseconds,
      }),
  ],
])('a server of %s whose port drops packets is unreachable, in bounded time', async (_kind, open) => {
  const source = opened(open(await droppingPort()));
  await endsInTime(source.list(), /time|session after/i);
  await endsInTime(buffer(source.read('a.csv')), /time|session after/i);
});

async function ftpBehindFirewall(lacks: string[] = []): Promise<{ server: FtpServer; source: Source; port: number }> {
  const root = mkdtempSync(join(tmpdir(), 'firewall-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'a.csv'), 'id\n1\n');
  const server = await startFtpServer({ root, lacks });
  onTestFinished(() => server.close());
  return { server, source: opened(ftpSource({ ...ftp, port: server.port })), port: await droppingPort() };
}

test.each([
  ['EPSV', []],
  ['PASV', ['EPSV']],
])('passive ports (%s) that drop packets are told as such, and the session is not used again', async (_way, lacks) => {
  const { server, source, port } = await ftpBehindFirewall(lacks);
  server.inject({ kind: 'passiveElsewhere', port });

  await endsInTime(source.list(), /data connection|data socket|passive/i);
  await endsInTime(buffer(source.read('a.csv')), /data connection|data socket|passive/i);

  // The firewall was opened.
  server.faults.clear();
  expect((await source.list()).map(({ name }) => name)).toEqual(['a.csv']);
  expect((await buffer(source.read('a.csv'))).toString()).toBe('id\n1\n');
});
