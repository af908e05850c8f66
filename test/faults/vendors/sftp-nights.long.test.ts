import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NightLab } from '../../support/nights/night-lab.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';
import { newKey, type SftpServer, type SftpServerOptions, startSftpServer } from '../../support/vendors/sftp-server.ts';

const PASSWORD = 'only-for-this-test-7392';

interface Vendor {
  readonly lab: NightLab;
  readonly server: SftpServer;
  describe(options: string, hostKey?: string): void;
}

/** A lab over SFTP with one published night and the next one delivered. */
async function sftpLab(
  credentials: string,
  server: Partial<SftpServerOptions> = {},
  prepare = (_: string): void => {},
): Promise<Vendor> {
  const lab = await NightLab.open();
  onTestFinished(() => lab.close());
  mkdirSync(join(lab.folder, 'vendor'));
  const running = await startSftpServer({ root: join(lab.folder, 'vendor'), users: { vendor: PASSWORD }, ...server });
  onTestFinished(() => running.close());
  prepare(lab.folder);
  const describe = (options: string, hostKey = running.fingerprint) =>
    lab.describeSource(
      `{sftp: {host: 127.0.0.1, port: ${running.port}, user: vendor, ${options.replaceAll('{folder}', lab.folder)}, host_key: "${hostKey}", path: "/{date}"}}\nready: {stable: 0s}`,
    );
  describe(credentials);
  await lab.publish(dateOf(1), deliveryOf(1));
  lab.deliver(dateOf(2), deliveryOf(2));
  return { lab, server: running, describe };
}

const logins = (server: SftpServer) => server.log.filter((line) => line.startsWith('password ')).length;

test('by a private key, over a line that breaks twice, in answers of odd lengths', async () => {
  const key = newKey();
  const { lab, server } = await sftpLab(
    'key: "file:{folder}/key"',
    { method: 'publickey', publicKey: key.public },
    (folder) => writeFileSync(join(folder, 'key'), key.private, { mode: 0o600 }),
  );
  server.faults.maxRead = 777;
  server.faults.cut = { atByte: 1000, times: 2 };

  const night = await lab.night(dateOf(2));

  expect(night, night.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(server.faults.cut.times).toBe(0);
  await lab.checkInvariants(deliveryOf(2));
  const secret = readFileSync(join(lab.folder, 'key'), 'utf8').split('\n')[2]!;
  expect(execFileSync('sh', ['-c', 'grep -rlF -- "$1" "$2" || true', 'sh', secret, lab.home]).toString()).toBe('');
});

test('another host key stops the night before anything secret is sent', async () => {
  const { lab, server, describe } = await sftpLab('password: "file:{folder}/password"', {}, (folder) =>
    writeFileSync(join(folder, 'password'), `${PASSWORD}\n`),
  );
  const before = server.log.length;
  describe('password: "file:{folder}/password"', `SHA256:${'a'.repeat(43)}`);

  const stopped = await lab.night(dateOf(2));
  expect(server.log).toHaveLength(before);
  await lab.checkInvariants(deliveryOf(1));
  describe('password: "file:{folder}/password"');
  const published = await lab.night(dateOf(2));

  expect(stopped).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'SOURCE_HOST_KEY' } } });
  expect(published, published.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
});

test('a wrong password is one login, and the right one in its place is read', async () => {
  const { lab, server } = await sftpLab('password: "file:{folder}/password"', {}, (folder) =>
    writeFileSync(join(folder, 'password'), PASSWORD),
  );
  writeFileSync(join(lab.folder, 'password'), 'wrong');
  const before = logins(server);

  const refused = await lab.night(dateOf(2));
  expect(logins(server) - before).toBe(1);
  writeFileSync(join(lab.folder, 'password'), PASSWORD);
  const published = await lab.night(dateOf(2));

  expect(refused).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'SOURCE_LOGIN' } } });
  expect(published, published.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  expect(refused.stderr + JSON.stringify(refused.json)).not.toContain('wrong ');
  await lab.checkInvariants(deliveryOf(2));
});

test.each([1, 50, 99])('killed when %d %% of a file had come, then the same command again', async (percent) => {
  const { lab, server } = await sftpLab('password: "file:{folder}/password"', {}, (folder) =>
    writeFileSync(join(folder, 'password'), PASSWORD),
  );
  const { length } = readFileSync(join(lab.folder, 'vendor', dateOf(2), 'products.csv'));
  server.faults.maxRead = 100;
  server.faults.stall = { atByte: Math.floor((length * percent) / 100), times: 1 };

  const command = lab.start(lab.nightArgs(dateOf(2)), {});
  await expect
    .poll(() => server.log.some((line) => line === `OPEN /${dateOf(2)}/products.csv`), { timeout: 60_000 })
    .toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 200));
  command.process.kill('SIGKILL');
  await command.ended;
  delete server.faults.stall;
  await lab.endLeases();
  const again = await lab.night(dateOf(2));

  expect(again, again.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  await lab.checkInvariants(deliveryOf(2));
  expect(
    execFileSync('find', [join(lab.home, 'lake/.tmp'), '-type', 'f'])
      .toString()
      .split('\n')
      .filter(Boolean).length,
  ).toBeLessThanOrEqual(1);
});
