import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { type Certificate, makeAuthority, makeCertificate } from '../../support/vendors/certificates.ts';
import { type FtpServer, type FtpServerTls, startFtpServer } from '../../support/vendors/ftp-server.ts';

const content = randomBytes(2_000_000);
let folder: string;
let authority: Certificate;
let certificates: Record<'right' | 'wrongName' | 'expired' | 'selfSigned', Certificate>;
let server: FtpServer;
let source: Source;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftp-tls-'));
  await writeFile(join(folder, 'a.bin'), content);
  authority = await makeAuthority(folder);
  certificates = {
    right: await makeCertificate(folder, 'right', 'DNS:localhost,IP:127.0.0.1'),
    wrongName: await makeCertificate(folder, 'wrong', 'DNS:ftp.other.example'),
    expired: await makeCertificate(folder, 'expired', 'DNS:localhost', -1),
    selfSigned: authority,
  };
});
afterEach(async () => {
  await source.close();
  await server.close();
});
afterAll(() => rm(folder, { recursive: true }));

async function start(
  tls: Partial<FtpServerTls> = {},
  client: { host?: string; ca?: string | undefined } = {},
): Promise<void> {
  server = await startFtpServer({ root: folder, users: { demo: 'right' }, tls: { ...certificates.right, ...tls } });
  const ca = 'ca' in client ? client.ca : authority.cert;
  source = ftpSource({
    host: client.host ?? 'localhost',
    port: server.port,
    user: 'demo',
    password: 'right',
    tls: tls.implicit ? 'implicit' : 'explicit',
    path: '/',
    timeoutMilliseconds: 500,
    ...(ca === undefined ? {} : { ca }),
  });
}

const modes = [
  ['explicit', false],
  ['implicit', true],
] as const;

describe.each(modes)('%s', (_mode, implicit) => {
  test.each(['localhost', '127.0.0.1'])('everything after the handshake is encrypted, to %s', async (host) => {
    await start({ implicit }, { host });
    expect(source.notes).toEqual([]);
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
    const plain = server.log.filter((line) => line.includes(' plain '));
    expect(plain).toEqual(implicit ? [] : ['1 plain AUTH TLS']);
    expect(server.log).toContain('1 tls PROT P');
    expect(server.log).toContain(`1 handshake for ${host === 'localhost' ? host : 'no name'}`);
    expect(server.log.some((line) => line.includes(' data '))).toBe(true);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'data connections resume the session, three times, %s',
    async (version) => {
      await start({ implicit, version, requireReuse: true });
      await source.list();
      for (let time = 0; time < 3; time++) expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
      expect(server.log.filter((line) => line.endsWith('data resumed'))).toHaveLength(4);
      expect(server.log.filter((line) => line.includes('USER'))).toHaveLength(1);
    },
  );

  test.each(['wrongName', 'expired', 'selfSigned'] as const)('refuses the certificate: %s', async (fault) => {
    await start({ implicit, ...certificates[fault] });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_TLS', transient: false });
    expect(server.log.join('\n')).not.toMatch(/USER|PASS/);
  });

  test('refuses an authority that nobody trusts, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      await start({ implicit }, { ca: undefined });
      await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_TLS' });
      expect(server.log.join('\n')).not.toMatch(/USER|PASS/);
    } finally {
      vi.unstubAllEnvs();
      warning.mockRestore();
    }
  });

  test.each([0, 1_000_000])('a reset at byte %d fails, and the next transfer is whole', async (atByte) => {
    await start({ implicit });
    server.inject({ kind: 'reset', atByte, times: 1 });
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE' });
    expect((await buffer(source.read('a.bin'))).equals(content)).toBe(true);
  });

  test('a stall ends in time', async () => {
    await start({ implicit });
    server.inject({ kind: 'stall', atByte: 1_000_000, times: 1 });
    await expect(buffer(source.read('a.bin'))).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE' });
  });
});

describe('AUTH TLS', () => {
  test('refused: neither user nor password is sent', async () => {
    await start();
    server.inject({ kind: 'refuseAuthTls' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_TLS', message: expect.stringContaining('504') });
    expect(server.log).toEqual(['1 plain AUTH TLS']);
  });

  test('accepted without a handshake ends in time', async () => {
    await start();
    server.inject({ kind: 'stallTls' });
    await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE' });
  });
});

test('implicit TLS to a server that speaks plain FTP is refused', async () => {
  await start({ implicit: true });
  const plain: Server = createServer((socket) =>
    socket
      .resume()
      .on('error', () => {})
      .write('220 Ready\r\n'),
  );
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const { port } = plain.address() as { port: number };
  source = ftpSource({ host: 'localhost', port, user: 'demo', password: 'right', tls: 'implicit', path: '/' });
  await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_TLS' });
  await new Promise((resolve) => plain.close(resolve));
});
