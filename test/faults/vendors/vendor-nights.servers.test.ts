import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NightLab } from '../../support/nights/night-lab.ts';
import { makeAuthority, makeCertificate } from '../../support/vendors/certificates.ts';
import { dateOf, deliveryOf, put } from '../../support/vendors/night-vendor.ts';
import { startFtp, startOpenSsh, whyNoVendorServers } from '../../support/vendors/vendor-servers.ts';

const title = whyNoVendorServers ? ` (skipped: ${whyNoVendorServers})` : '';

interface Place {
  readonly lab: NightLab;
  /** What the server serves; readable for the user that it runs as. */
  readonly root: string;
  /** For certificates and keys. */
  readonly folder: string;
}

async function newPlace(): Promise<Place> {
  const lab = await NightLab.open();
  onTestFinished(() => lab.close());
  const folder = mkdtempSync(join(tmpdir(), 'vendor-night-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  const root = join(folder, 'vendor');
  mkdirSync(root);
  for (const night of [1, 2]) put(join(root, dateOf(night)), deliveryOf(night));
  return { lab, root, folder };
}

async function expectTwoNights(lab: NightLab): Promise<void> {
  for (const night of [1, 2]) {
    const ended = await lab.night(dateOf(night));
    expect(ended, ended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
    await lab.checkInvariants(deliveryOf(night));
  }
  expect(await lab.night(dateOf(2))).toMatchObject({ code: 0, json: { state: 'unchanged' } });
}

describe.skipIf(whyNoVendorServers)(`two nights from servers as vendors run them${title}`, () => {
  test.each([
    ['proftpd', 'explicit', 'TLSv1.3'],
    ['vsftpd', 'implicit', 'TLSv1.2'],
    ['pure-ftpd', 'explicit', 'TLSv1.3'],
  ] as const)('%s, %s %s, an authority of the vendor’s own, its certificate pinned', async (name, tls, version) => {
    const { lab, root, folder } = await newPlace();
    const authority = await makeAuthority(folder);
    const certificate = await makeCertificate(folder, 'server', 'DNS:localhost');
    const server = await startFtp(name, { root, tls: { certificate, version, implicit: tls === 'implicit' } });
    onTestFinished(() => server.close());
    writeFileSync(join(folder, 'ca.pem'), authority.cert);
    writeFileSync(join(folder, 'password'), server.password);
    const [, pin] = execFileSync('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: certificate.cert })
      .toString()
      .trim()
      .split('=');
    const secrets = `password: "file:${folder}/password", ca: "file:${folder}/ca.pem", certificate: "${pin}"`;
    lab.describeSource(
      `{ftp: {host: localhost, port: ${server.port}, user: ${server.user}, tls: ${tls}, ${secrets}, path: "/{date}"}}\nready: {stable: 0s}`,
    );

    await expectTwoNights(lab);
  });

  test('OpenSSH, by a key', async () => {
    const { lab, root, folder } = await newPlace();
    for (const name of ['user', 'host'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
    const server = await startOpenSsh({
      user: readFileSync(join(folder, 'user.pub'), 'utf8'),
      host: readFileSync(join(folder, 'host'), 'utf8'),
    });
    onTestFinished(() => server.close());
    const hostKey = execFileSync('ssh-keygen', ['-lf', join(folder, 'host.pub')])
      .toString()
      .split(' ')[1];
    const address = `host: localhost, port: ${server.port}, user: ${server.user}`;
    lab.describeSource(
      `{sftp: {${address}, key: "file:${folder}/user", host_key: "${hostKey}", path: "${root}/{date}"}}\nready: {stable: 0s}`,
    );

    await expectTwoNights(lab);
  });
});
