import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS, type Limits } from '../../../lib/sources/common/limits.ts';
import { sftpSource } from '../../../lib/sources/sftp/sftp.ts';
import { startSftpServer } from '../../support/vendors/sftp-server.ts';
import { around, impatient, named, small, tooLong, tooSlow } from '../limited.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('an SFTP server', () => {
  const open = async (limits: Limits = small) => {
    const server = await startSftpServer({ root, users: { demo: 'right' } });
    const secrets = { password: 'right', key: undefined, passphrase: undefined };
    const address = { host: '127.0.0.1', port: server.port, user: 'demo', path: '/', hostKeys: [server.fingerprint] };
    const source = sftpSource({ ...address, ...secrets, limits });
    onTestFinished(async () => {
      await source.close();
      await server.close();
    });
    return { server, source };
  };

  test.each([
    ['names without end', 'junk', 50, '1050 names|1001 names'],
    ['bytes without end', 'x'.repeat(3000), 5, 'bytes; at most'],
    ['files that fit', 'a.csv', 50, '101 files that fit the patterns of the feed'],
  ])('lists %s', async (_case, name, atOnce, message) => {
    const { server, source } = await open();
    server.faults.endlessListing = { name, atOnce, pauseMilliseconds: 0 };
    const refused = { ...tooLong, message: expect.stringMatching(message) };
    await expect(source.list(named('a.csv'))).rejects.toMatchObject(refused);
    if (!message.includes('fit')) await expect(around(source)).rejects.toMatchObject(refused);
  });

  test('lists a name now and then', async () => {
    const { server, source } = await open(impatient);
    server.faults.endlessListing = { name: 'a.csv', atOnce: 1, pauseMilliseconds: 50 };
    await expect(source.list()).rejects.toMatchObject(tooSlow);
  });

  test('sends a byte of a file now and then', async () => {
    await writeFile(join(root, 'a.csv'), 'x'.repeat(100_000));
    const { server, source } = await open({ ...impatient, slowestBytes: 5000 });
    server.faults.maxRead = 1;
    server.faults.readPauseMilliseconds = 50;
    await expect(buffer(source.read('a.csv'))).rejects.toMatchObject(tooSlow);
  });

  test('takes longer for a listing and its files than a look may take', async () => {
    const { server, source } = await open({ ...LIMITS, listingMilliseconds: 300 });
    server.faults.endlessListing = { name: 'junk', atOnce: 1, pauseMilliseconds: 50 };
    await expect(source.list(named('a.csv'))).rejects.toMatchObject(tooSlow);
  });

  test('is asked nothing about names that nobody wants', async () => {
    for (let id = 0; id < 300; id += 1) await writeFile(join(root, `junk${id}.csv`), 'x');
    await writeFile(join(root, 'a.csv'), 'x');
    const { server, source } = await open();
    server.faults.bareListing = true;
    expect(await source.list(named('a.csv'))).toMatchObject([{ name: 'a.csv', size: 1 }]);
    expect(server.log.filter((line) => line.startsWith('LSTAT'))).toEqual(['LSTAT /a.csv']);
  });
});
