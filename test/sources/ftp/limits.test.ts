import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS, type Limits } from '../../../lib/sources/common/limits.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { startFtpServer } from '../../support/vendors/ftp-server.ts';
import { around, impatient, named, small, tooLong, tooSlow } from '../limited.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('an FTP server', () => {
  const open = async (limits: Limits = small, lacks: string[] = []) => {
    const server = await startFtpServer({ root, lacks });
    const address = { host: '127.0.0.1', port: server.port, user: 'demo', password: 'x', path: '/' };
    const patience = limits === impatient ? { timeoutMilliseconds: 400 } : {};
    const source = ftpSource({ ...address, tls: 'none', limits, ...patience });
    onTestFinished(async () => {
      await source.close();
      await server.close();
    });
    return { server, source };
  };
  const line = (name: string) => `type=file;size=1;modify=20261120021314; ${name}\r\n`;

  test.each([
    ['names without end', line('junk'), '1001 names'],
    ['bytes without end', line('x'.repeat(3000)), 'bytes; at most'],
    ['files that fit', line('a.csv'), '101 files that fit the patterns of the feed'],
  ])('lists %s', async (_case, content, message) => {
    const { server, source } = await open();
    server.inject({ kind: 'endless', command: 'MLSD', content });
    const refused = { ...tooLong, message: expect.stringContaining(message) };
    await expect(source.list(named('a.csv'))).rejects.toMatchObject(refused);
    if (!message.includes('fit')) await expect(around(source)).rejects.toMatchObject(refused);
  });

  test('lists files that fit, with long names', async () => {
    const { server, source } = await open();
    server.inject({ kind: 'endless', command: 'MLSD', content: line('x'.repeat(60)) });
    const refused = { ...tooLong, message: expect.stringContaining('2040 bytes of names that fit') };
    await expect(source.list()).rejects.toMatchObject(refused);
  });

  test('lists one line without end', async () => {
    const { server, source } = await open();
    server.inject({ kind: 'endless', command: 'MLSD', content: 'type=file;' });
    await expect(source.list()).rejects.toMatchObject({ name: 'LISTING_UNREADABLE' });
  });

  test('lists a byte now and then', async () => {
    const { server, source } = await open(impatient);
    server.inject({ kind: 'drip', command: 'MLSD', content: line('a.csv').repeat(1000) });
    await expect(source.list()).rejects.toMatchObject(tooSlow);
  });

  test('sends a byte of a file now and then', async () => {
    await writeFile(join(root, 'a.csv'), 'x'.repeat(100_000));
    const { server, source } = await open(impatient);
    server.inject({ kind: 'drip', content: 'x'.repeat(100_000) });
    await expect(buffer(source.read('a.csv'))).rejects.toMatchObject(tooSlow);
  });

  test.each([
    ['CONNECT', 'SOURCE_UNREACHABLE'],
    ['SIZE', 'SOURCE_SLOW'],
    ['EPSV', 'SOURCE_SLOW'],
    ['MLSD', 'SOURCE_SLOW'],
  ])('answers %s with a line now and then that is no answer', async (command, name) => {
    await writeFile(join(root, 'a.csv'), 'x');
    const { server, source } = await open(impatient);
    await source.list();
    await source.close();
    server.inject({ kind: 'chatter', command, content: command === 'MLSD' ? '110 wait\r\n' : 'wait\r\n' });
    const asked = command === 'SIZE' ? source.stat('a.csv') : source.list();
    await expect(asked).rejects.toMatchObject({ name });
  });

  test('answers with a line that never ends', async () => {
    await writeFile(join(root, 'a.csv'), 'x');
    const { server, source } = await open();
    server.inject({ kind: 'talk', command: 'SIZE', content: '213-more\r\n' });
    await expect(source.stat('a.csv')).rejects.toMatchObject({ name: 'ANSWER_TOO_LONG' });
  });

  test('takes longer for a listing and its files than a look may take', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await writeFile(join(root, name), 'x');
    const { server, source } = await open({ ...LIMITS, listingMilliseconds: 300 }, ['MLSD']);
    server.inject({ kind: 'silent', command: 'MDTM', times: 1 });
    await expect(source.list()).rejects.toMatchObject(tooSlow);
  });

  test('lists a whole folder for one file, and never comes to an end', async () => {
    await writeFile(join(root, 'a.csv'), 'x');
    const { server, source } = await open({ ...LIMITS, listingMilliseconds: 300 }, ['MLST']);
    server.inject({ kind: 'drip', command: 'MLSD', content: line('junk').repeat(100) });
    await expect(source.stat('a.csv')).rejects.toMatchObject(tooSlow);
  });

  test.each([[[]], [['MLSD']], [['size']]])(
    'is asked nothing about names that nobody wants (lacks %j)',
    async (lacks) => {
      for (let id = 0; id < 300; id += 1) await writeFile(join(root, `junk${id}.csv`), 'x');
      await writeFile(join(root, 'a.csv'), 'x');
      const { server, source } = await open(small, lacks);
      expect(await source.list(named('a.csv'))).toMatchObject([{ name: 'a.csv', size: 1 }]);
      expect(server.log.length).toBeLessThan(20);
    },
  );
});
