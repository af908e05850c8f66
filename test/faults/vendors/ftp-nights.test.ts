import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { failPoints } from '../../../lib/core/run/fail-point.ts';
import { startVault } from '../../support/aws/vault.ts';
import { isFull } from '../../support/full.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { type Fault, type FtpServer, startFtpServer } from '../../support/vendors/ftp-server.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const PASSWORD = 'only-for-this-test-7391';
const secret = { SHOP_PASSWORD: PASSWORD };

/** A lab over FTP with one published night and the next one delivered. */
async function ftpLab(): Promise<{ lab: NightLab; server: FtpServer }> {
  const root = await NightLab.open();
  onTestFinished(() => root.close());
  mkdirSync(join(root.folder, 'vendor'));
  const server = await startFtpServer({ root: join(root.folder, 'vendor'), users: { vendor: PASSWORD } });
  onTestFinished(() => server.close());
  root.describeSource(
    `{ftp: {host: 127.0.0.1, port: ${server.port}, user: vendor, password: env:SHOP_PASSWORD, path: "/{date}"}}\nready: {stable: 0s}`,
  );
  root.deliver(dateOf(1), deliveryOf(1));
  const first = await root.night(dateOf(1), secret);
  expect(first.code, first.stderr).toBe(0);
  root.deliver(dateOf(2), deliveryOf(2));
  return { lab: root, server };
}

test.each(isFull ? failPoints : (['pull.bytes'] as const))(
  'killed at %s, then the same command again',
  async (point) => {
    const { lab } = await ftpLab();

    const killed = await lab.night(dateOf(2), { ...secret, NIGHTFEED_FAIL_AT: point });
    const again = await lab.night(dateOf(2), secret);

    expect(killed.signal).toBe('SIGKILL');
    expect(again.code, again.stderr).toBe(0);
    await lab.checkInvariants(deliveryOf(2));
    await expectNoSecret(lab, killed.stderr + again.stderr + JSON.stringify(again.json));
  },
);

test('the password may lie in Secrets Manager', async () => {
  const { lab, server } = await ftpLab();
  const { environment } = await startVault({ 'shop/vendor': JSON.stringify({ password: PASSWORD }) });
  const password = (name: string) =>
    lab.describeSource(
      `{ftp: {host: 127.0.0.1, port: ${server.port}, user: vendor, password: "secret:${name}", path: "/{date}"}}\nready: {stable: 0s}`,
    );

  password('absent');
  expect((await lab.night(dateOf(2), environment)).json?.error).toMatchObject({
    name: 'SECRET_MISSING',
    message: expect.stringContaining('the secret absent cannot be read: ResourceNotFoundException'),
  });
  password('shop/vendor#password');
  const again = await lab.night(dateOf(2), environment);

  expect(again.code, again.stderr).toBe(0);
  await lab.checkInvariants(deliveryOf(2));
  await expectNoSecret(lab, again.stderr + JSON.stringify(again.json));
});

const faults: readonly Fault[] = [
  { kind: 'cut226', file: 'stock.csv', atByte: 100, times: 1 },
  { kind: 'reset', file: 'products.csv', atByte: 1000, times: 1 },
  { kind: 'closeControlAfterList', times: 1 },
];

test.each(isFull ? faults : faults.slice(0, 1))('$kind once: the same command comes through', async (fault) => {
  const { lab, server } = await ftpLab();
  server.inject(fault);

  const night = await lab.night(dateOf(2), secret);
  const again = night.code === 0 ? night : await lab.night(dateOf(2), secret);

  expect(again.code, night.stderr + again.stderr).toBe(0);
  await lab.checkInvariants(deliveryOf(2));
});

test('a transfer that always ends early never lands, and the next command succeeds when it is mended', async () => {
  const { lab, server } = await ftpLab();
  server.inject({ kind: 'cut226', file: 'stock.csv', atByte: 300 });

  const short = await lab.night(dateOf(2), secret);
  await lab.checkInvariants(deliveryOf(1));
  server.faults.clear();
  const mended = await lab.night(dateOf(2), secret);

  expect(short).toMatchObject({ code: 1, json: { state: 'failed', error: { name: 'SOURCE_SHORT' } } });
  expect(mended, mended.stderr).toMatchObject({ code: 0, json: { state: 'published' } });
  await lab.checkInvariants(deliveryOf(2));
  await expectNoSecret(lab, short.stderr + mended.stderr + JSON.stringify(short.json));
});

/** Neither in what was said nor in lake, ledger and messages. */
async function expectNoSecret(lab: NightLab, said: string): Promise<void> {
  expect(said).not.toContain(PASSWORD);
  const ledger =
    await lab.sql`SELECT query_to_xml('SELECT * FROM nightfeed.run', true, false, '')::text || query_to_xml('SELECT * FROM nightfeed.outbox', true, false, '')::text AS text`;
  expect(ledger[0]!.text).not.toContain(PASSWORD);
  const found = execFileSync('sh', ['-c', 'grep -rlF -- "$1" "$2" || true', 'sh', PASSWORD, lab.folder]).toString();
  expect(found).toBe('');
}
