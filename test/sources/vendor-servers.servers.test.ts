import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { Client } from 'basic-ftp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from '../../lib/ports/source.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { sftpSource } from '../../lib/sources/sftp/sftp.ts';
import { type Certificate, makeAuthority, makeCertificate } from '../support/vendors/certificates.ts';
import {
  type FtpServerName,
  type FtpServerSettings,
  ftpServers,
  startFtp,
  startOpenSsh,
  type VendorServer,
  whyNoVendorServers,
} from '../support/vendors/vendor-servers.ts';

const title = whyNoVendorServers ? ` (skipped: ${whyNoVendorServers})` : '';
const content = randomBytes(5_000_000);
const time = new Date('2026-11-20T02:13:14Z');

let root: string;
let authority: Certificate;
let certificate: Certificate;
let server: VendorServer;
let source: Source;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'vendor-servers-'));
  authority = await makeAuthority(root);
  certificate = await makeCertificate(root, 'server', 'DNS:localhost,IP:127.0.0.1');
  mkdirSync(join(root, 'vendor/out/daily'), { recursive: true });
  mkdirSync(join(root, 'vendor/out/empty'));
  put('a.bin', content);
  put('b c.csv', 'id\n1\n');
  put('.hidden', 'x');
  put('secret.csv', 'id\n');
  chmodSync(join(root, 'vendor/out/daily/secret.csv'), 0);
  chmodSync(root, 0o755);
});
afterEach(async () => {
  await source?.close();
  await server?.close();
});
afterAll(() => rmSync(root, { recursive: true }));

function put(name: string, bytes: string | Buffer): void {
  const path = join(root, 'vendor/out/daily', name);
  writeFileSync(path, bytes);
  utimesSync(path, time, time);
}

const modified = time.toISOString();
const files = [
  { name: 'a.bin', size: content.length, modified },
  { name: 'b c.csv', size: 5, modified },
  { name: 'secret.csv', size: 3, modified },
];
const sorted = async () => [...(await source.list())].sort((a, b) => (a.name < b.name ? -1 : 1));

/** What every server has to do for us, whatever it speaks. */
async function expectService(reopen: (path: string) => Source): Promise<void> {
  expect(await sorted()).toEqual(files);
  expect(await source.stat('b c.csv')).toEqual(files[1]);
  for (let time = 0; time < 3; time++) expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  expect((await buffer(source.read('a.bin', 3_000_001))).equals(content.subarray(3_000_001))).toBe(true);
  expect((await buffer(source.read('b c.csv'))).toString()).toBe('id\n1\n');
  await expect(buffer(source.read('secret.csv'))).rejects.toMatchObject({ name: 'SOURCE_DENIED', transient: false });
  for await (const chunk of source.read('a.bin')) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect((await source.stat('a.bin')).size).toBe(content.length);
  for (const path of ['/out/empty', '/out/2026-11-20', '/nothing/2026/11/20']) {
    await source.close();
    source = reopen(path);
    expect(await source.list()).toEqual([]);
  }
}

describe.skipIf(whyNoVendorServers).each(ftpServers)(`%s${title}`, (name) => {
  const modes: { mode: string; tls?: Omit<NonNullable<FtpServerSettings['tls']>, 'certificate'> }[] = [
    { mode: 'plain' },
    ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
      { mode: `explicit ${version}`, tls: { version } },
      // pure-ftpd leaves that to a tunnel in front of it.
      ...(name === 'pure-ftpd' ? [] : [{ mode: `implicit ${version}`, tls: { version, implicit: true } }]),
    ]),
  ];

  test.each(modes)('serves us: $mode', async ({ tls }) => {
    await start(name, tls ? { tls: { certificate, ...tls } } : {});
    await expectService((path) => connect(tls, { path }));
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'really speaks %s, and wants each data connection to resume',
    async (version) => {
      await start(name, { tls: { certificate, version } });
      const { protocol, outcome } = await withoutResuming();
      expect(protocol).toBe(version);
      if (name === 'pure-ftpd') expect(outcome).toHaveLength(5);
      else expect(outcome).toBeInstanceOf(Error);
    },
  );

  test('a wrong password is refused, once', async () => {
    await start(name, {});
    source = connect(undefined, { password: 'wrong' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN', transient: false });
  });

  test('a certificate that nobody signed for us, or another than the pinned one, is refused', async () => {
    await start(name, { tls: { certificate, version: 'TLSv1.3' } });
    const tls = { version: 'TLSv1.3' } as const;
    for (const changes of [{ ca: undefined }, { certificate: Array(32).fill('00').join(':') }]) {
      await source.close();
      source = connect(tls, changes);
      await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_TLS', transient: false });
    }
    await source.close();
    source = connect(tls, { certificate: fingerprint().toLowerCase() });
    expect(await sorted()).toEqual(files);
  });

  // The shortest patience of pure-ftpd is a minute.
  if (name === 'pure-ftpd') return;
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('closes an idle connection, and we come back: %s', async (version) => {
    await start(name, { tls: { certificate, version }, idle: 2 });
    expect(await sorted()).toEqual(files);
    await sleep(3500);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });
});

async function start(name: FtpServerName, settings: Partial<FtpServerSettings>): Promise<void> {
  server = await startFtp(name, { root: join(root, 'vendor'), ...settings });
  source = connect(settings.tls);
}

function connect(
  tls: { version: string; implicit?: boolean } | undefined,
  changes: { path?: string; password?: string; ca?: string | undefined; certificate?: string } = {},
): Source {
  const { port, user, password } = server;
  const { ca = 'ca' in changes ? undefined : authority.cert, ...others } = changes;
  return ftpSource({
    host: 'localhost',
    port,
    user,
    password,
    tls: tls === undefined ? 'none' : tls.implicit ? 'implicit' : 'explicit',
    path: '/out/daily',
    timeoutMilliseconds: 10_000,
    ...(ca === undefined ? {} : { ca }),
    ...others,
  });
}

const fingerprint = () =>
  execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: certificate.cert })
    .toString()
    .trim()
    .split('=')[1]!;

/** A client that begins a TLS session of its own for each data connection. */
async function withoutResuming(): Promise<{ protocol: string | null; outcome: unknown }> {
  const client = new Client(10_000);
  try {
    const { port, user, password } = server;
    await client.access({
      host: 'localhost',
      port,
      user,
      password,
      secure: true,
      secureOptions: { ca: authority.cert },
    });
    const control = client.ftp.socket as TLSSocket;
    control.removeAllListeners('session');
    Object.defineProperty(client.ftp, 'tlsSessionStore', { get: () => undefined, set: () => {} });
    control.getSession = () => undefined;
    const sink = new PassThrough();
    const received = buffer(sink);
    const outcome = await client.downloadTo(sink, '/out/daily/b c.csv').then(
      () => received,
      (error) => error,
    );
    return { protocol: control.getProtocol(), outcome };
  } finally {
    client.close();
  }
}

describe.skipIf(whyNoVendorServers)(`OpenSSH${title}`, () => {
  const path = () => join(root, 'vendor/out/daily');
  const fingerprintOf = (name: string) =>
    execFileSync('ssh-keygen', ['-lf', join(root, `${name}.pub`)])
      .toString()
      .split(' ')[1]!;
  const open = (changes: Partial<Parameters<typeof sftpSource>[0]> = {}) =>
    sftpSource({
      host: 'localhost',
      port: server.port,
      user: server.user,
      password: undefined,
      key: readFileSync(join(root, 'user'), 'utf8'),
      passphrase: undefined,
      hostKeys: [fingerprintOf('host')],
      path: path(),
      timeoutMilliseconds: 5000,
      ...changes,
    });

  beforeAll(() => {
    for (const name of ['user', 'host', 'other'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, name)]);
  });
  const startServer = async () => {
    server = await startOpenSsh({
      user: readFileSync(join(root, 'user.pub'), 'utf8'),
      host: readFileSync(join(root, 'host'), 'utf8'),
    });
    source = open();
  };

  test('serves us', async () => {
    await startServer();
    await expectService((folder) => open({ path: join(root, 'vendor', folder) }));
  });

  test('is refused when it shows another key', async () => {
    await startServer();
    source = open({ hostKeys: [fingerprintOf('other')] });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_HOST_KEY' });
  });

  test('its fingerprint is what ssh-keyscan and ssh-keygen print', async () => {
    await startServer();
    const keys = execFileSync('ssh-keyscan', ['-p', String(server.port), '127.0.0.1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const printed = execFileSync('ssh-keygen', ['-lf', '-'], { input: keys }).toString().split(' ')[1]!;
    source = open({ hostKeys: [printed] });
    expect(await sorted()).toEqual(files);
  });

  test('refuses another key of ours, once', async () => {
    await startServer();
    source = open({ key: readFileSync(join(root, 'other'), 'utf8') });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN', transient: false });
  });
});
