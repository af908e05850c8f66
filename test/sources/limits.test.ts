import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Source } from '../../lib/ports/source.ts';
import { LIMITS, type Limits } from '../../lib/sources/common/limits.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { s3Source } from '../../lib/sources/s3/s3.ts';
import { sftpSource } from '../../lib/sources/sftp/sftp.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { startSftpServer } from '../support/vendors/sftp-server.ts';

/** Small enough to be met at once. */
const small: Limits = {
  ...LIMITS,
  names: 1000,
  files: 100,
  fileBytes: 2000,
  listingBytes: 1_000_000,
  namesOfPage: 200,
  answerBytes: 100_000,
};
const impatient: Limits = { ...LIMITS, answerMilliseconds: 500, slowestBytes: 1000, slowestMilliseconds: 500 };

const named = (name: string) => (wanted: string) => wanted === name;
const tooLong = { name: 'LISTING_TOO_LONG', transient: false };
const tooSlow = { name: 'SOURCE_SLOW', transient: false };

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'limits-'));
});
afterEach(() => rm(root, { recursive: true }));

const around = (source: Source) => source.around(() => {});

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

describe('a store that speaks S3', () => {
  const open = async (answer: (request: IncomingMessage, response: ServerResponse) => unknown, limits = small) => {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = s3Source({
      bucket: 'b',
      path: 'out',
      endpoint,
      accessKey: 'the key',
      secretKey: 'the secret',
      limits,
    });
    onTestFinished(async () => {
      await source.close();
      server.closeAllConnections();
      server.close();
    });
    return source;
  };
  const object = (key: string) => `<Contents><Key>out/${key}</Key><Size>1</Size></Contents>`;
  let pages = 0;
  const page = (content: string) =>
    `<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>${pages++}</NextContinuationToken>${content}</ListBucketResult>`;

  test.each([
    ['pages without end', object('junk').repeat(200), '1200 names'],
    ['empty pages without end', '', '1200 names'],
    [
      'pages of folders without end',
      '<CommonPrefixes><Prefix>out/x/</Prefix></CommonPrefixes>'.repeat(20),
      '1200 names',
    ],
    ['files that fit', object('a.csv').repeat(30), '101 files that fit the patterns of the feed'],
  ])('lists %s', async (_case, content, message) => {
    const source = await open((_request, response) => response.end(page(content)));
    const refused = { ...tooLong, message: expect.stringContaining(message) };
    await expect(source.list(named('a.csv'))).rejects.toMatchObject(refused);
    if (!message.includes('fit')) await expect(around(source)).rejects.toMatchObject(refused);
  });

  const endless = async (_request: IncomingMessage, response: ServerResponse, status: number) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    while (!response.destroyed) if (!response.write(object('junk').repeat(1000))) await sleep(1);
  };

  test.each([200, 404])('answers %s, with a body that never ends', async (status) => {
    const source = await open((request, response) => endless(request, response, status));
    const refused = { name: 'ANSWER_TOO_LONG', transient: false };
    await expect(source.list()).rejects.toMatchObject(refused);
    await expect(source.stat('a.csv')).rejects.toMatchObject(refused);
    if (status !== 200) await expect(buffer(source.read('a.csv'))).rejects.toMatchObject(refused);
  });

  test('sends a byte of a listing or of a file now and then', async () => {
    const source = await open(async (_request, response) => {
      while (!response.destroyed) {
        response.write('x');
        await sleep(20);
      }
    }, impatient);
    await expect(source.list()).rejects.toMatchObject(tooSlow);
    await expect(buffer(source.read('a.csv'))).rejects.toMatchObject(tooSlow);
  });

  test('sends bytes of an answer as fast as a slow line, for ever', async () => {
    const source = await open(
      async (_request, response) => {
        while (!response.destroyed) {
          response.write(' '.repeat(100));
          await sleep(20);
        }
      },
      { ...LIMITS, answerMilliseconds: 500 },
    );
    await expect(source.stat('a.csv')).rejects.toMatchObject(tooSlow);
  });

  test('sends a byte of a header now and then', async () => {
    const source = await open(async ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nx-long: ');
      while (!socket.destroyed) {
        socket.write('x');
        await sleep(20);
      }
    }, impatient);
    await expect(source.list()).rejects.toMatchObject(tooSlow);
  });

  test('takes longer for a listing than a look may take', async () => {
    const source = await open(
      async (_request, response) => {
        await sleep(50);
        response.end(page(object('junk')));
      },
      { ...LIMITS, listingMilliseconds: 300 },
    );
    await expect(source.list()).rejects.toMatchObject(tooSlow);
  });
});

describe('a local folder', () => {
  test('holds more names than a folder does, or more files that fit', async () => {
    for (let id = 0; id < 120; id += 1) await writeFile(join(root, `${id}.csv`), '');
    const open = (limits: Partial<Limits>) => folderSource(root, { limits: { ...small, ...limits } });
    const all = open({ names: 119, files: 119 });
    await expect(all.list(() => false)).rejects.toMatchObject(tooLong);
    await expect(around(all)).rejects.toMatchObject(tooLong);
    await expect(open({ files: 119 }).list()).rejects.toMatchObject(tooLong);
    expect(await open({ files: 2 }).list((name) => name < '10.csv')).toHaveLength(2);
  });
});
