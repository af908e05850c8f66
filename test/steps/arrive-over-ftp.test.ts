import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { ArriveLab } from './arrive-lab.ts';

let lab: ArriveLab;
beforeEach(() => {
  lab = new ArriveLab();
});
afterEach(() => lab.close());

/** An FTP server on the folder. */
async function vendor() {
  const server = await startFtpServer({ root: lab.vendor, lacks: ['MLSD'] });
  onTestFinished(() => server.close());
  const address = {
    host: '127.0.0.1',
    port: server.port,
    user: 'demo',
    password: 'x',
    tls: 'none',
    path: '/',
  } as const;
  return { server, source: () => ftpSource(address) };
}

test('names that the feed does not ask for cost no question, and are told when it is late', async () => {
  for (let id = 0; id < 400; id += 1) lab.put(`junk${id}.csv`, 'x');
  lab.put('products.csv.part', 'x');
  const { server, source } = await vendor();
  const message = expect.stringMatching(
    /"junk.* and 396 more; "products.csv.part" looks like a file that is still being/,
  );
  await expect(lab.arrived({ schedule: undefined }, source)).rejects.toMatchObject({ name: 'LATE', message });
  expect(server.log.length).toBeLessThan(30);
});

test('a manifest is taken as long as the listing says, and no longer', async () => {
  lab.put('products.csv', 'id\n1\n');
  lab.put('manifest.csv', 'file,size\nproducts.csv,5\n');
  const { server, source } = await vendor();
  server.inject({ kind: 'endless', file: 'manifest.csv', content: 'other.csv,1\n' });
  await expect(lab.arrived({ ready: { manifest: { file: 'manifest.csv' } } }, source)).rejects.toMatchObject({
    name: 'SOURCE_LONG',
    message: expect.stringMatching(/the server announced 25 bytes and sent \d{2,6} or more$/),
  });
});

test('a vendor out of reach is asked four times, with growing pauses that are never the same', async () => {
  const server = await startFtpServer({ root: lab.vendor });
  const { port } = server;
  await server.close();
  const address = { host: '127.0.0.1', port, user: 'demo', password: 'x', tls: 'none', path: '/' } as const;
  const unreachable = () => lab.arrived({}, () => ftpSource(address)).catch((error) => error);

  expect(await unreachable()).toMatchObject({ name: 'SOURCE_UNREACHABLE', state: 'failed' });
  const first = lab.pauses.splice(0);
  await unreachable();

  for (const waited of [first, lab.pauses]) {
    expect(waited).toHaveLength(3);
    waited.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(0.25 * 2 ** index);
      expect(pause).toBeLessThanOrEqual(0.75 * 2 ** index);
    });
  }
  expect(lab.pauses).not.toEqual(first);
});
