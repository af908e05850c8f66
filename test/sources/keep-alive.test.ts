import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Source } from '../../lib/ports/source.ts';
import { KEEP_ALIVE_MILLISECONDS } from '../../lib/sources/common/keep-alive.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { s3Source } from '../../lib/sources/s3/s3.ts';
import { sftpSource } from '../../lib/sources/sftp/sftp.ts';
import { makeAuthority, makeCertificate } from '../support/vendors/certificates.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { secondsToProbes, whyNoProbes } from '../support/vendors/idle-lines/probes.ts';
import { startSftpServer } from '../support/vendors/sftp-server.ts';

const title = whyNoProbes ? ` (skipped: ${whyNoProbes})` : '';
/** After which a NAT gateway of AWS forgets a connection. */
const FORGOTTEN_SECONDS = 350;

const secrets = { user: 'demo', password: 'right' };
const host = '127.0.0.1';

/** A folder with a file of a vendor's. */
function delivered(): string {
  const root = mkdtempSync(join(tmpdir(), 'keep-alive-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'a.bin'), randomBytes(100_000));
  return root;
}

const opened = (source: Source): Source => {
  onTestFinished(() => source.close());
  return source;
};

/** Reads the file until the server falls silent. */
async function beginReading(source: Source): Promise<void> {
  const bytes = source.read('a.bin');
  onTestFinished(() => void bytes.destroy());
  await once(bytes.resume(), 'data');
}

async function expectProbes(connections: number): Promise<void> {
  await vi.waitFor(() => expect(secondsToProbes()).toHaveLength(connections), 5000);
  for (const seconds of secondsToProbes()) expect(seconds).toBeLessThanOrEqual(KEEP_ALIVE_MILLISECONDS / 1000);
  expect(KEEP_ALIVE_MILLISECONDS / 1000).toBeLessThan(FORGOTTEN_SECONDS);
}

test.skipIf(whyNoProbes).each(['none', 'explicit', 'implicit'] as const)(
  `FTP, TLS %s: control and data connection are probed while they are silent${title}`,
  async (tls) => {
    const root = delivered();
    const { cert: ca } = await makeAuthority(root);
    const certificate = await makeCertificate(root, 'server', 'DNS:localhost,IP:127.0.0.1');
    const secured = tls === 'none' ? {} : { tls: { ...certificate, implicit: tls === 'implicit' } };
    const server = await startFtpServer({ root, ...secured });
    onTestFinished(() => server.close());
    server.inject({ kind: 'stall', atByte: 50_000 });
    const encrypted = tls === 'none' ? {} : { ca };
    await beginReading(opened(ftpSource({ host, port: server.port, ...secrets, tls, path: '/', ...encrypted })));
    await expectProbes(2);
  },
);

test.skipIf(whyNoProbes)(`SFTP: the connection is probed${title}`, async () => {
  const server = await startSftpServer({ root: delivered(), users: { demo: 'right' } });
  onTestFinished(() => server.close());
  const keys = { key: undefined, passphrase: undefined, hostKeys: [server.fingerprint] };
  await opened(sftpSource({ host, port: server.port, ...secrets, path: '/', ...keys })).list();
  await expectProbes(1);
});

test.skipIf(whyNoProbes)(`S3: the connection is probed${title}`, async () => {
  const server = createServer((_request, response) => void response.write('half an object'));
  await once(server.listen(0, host), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://${host}:${(server.address() as AddressInfo).port}`;
  await beginReading(opened(s3Source({ bucket: 'b', path: '', endpoint, accessKey: 'a', secretKey: 's' })));
  await expectProbes(1);
});
