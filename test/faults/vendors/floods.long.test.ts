import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { describeInFull, testInFull } from '../../support/full.ts';
import type { Arrival } from '../../support/nights/arrive-alone.ts';
import { startFtpServer } from '../../support/vendors/ftp-server.ts';
import { startSftpServer } from '../../support/vendors/sftp-server.ts';

/** Of the whole process, of which half is there before it has asked anything. */
const MEGABYTES = 200;
/** V8 lets garbage lie for as long as there seems to be room: told that there is little, it shows what is needed. */
const ROOM = ['--max-old-space-size=96', '--max-semi-space-size=4'];
const SECONDS = 60;

const FILES = 100_000;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'floods-'));
});
afterEach(() => rm(root, { recursive: true }));

const program = fileURLToPath(new URL('../../support/nights/arrive-alone.ts', import.meta.url));

async function arrival(source: object, { ready = {}, room = [] as string[] } = {}): Promise<Arrival> {
  const feed = {
    feed: 'shop',
    source,
    ready: { stable: '0s', ...ready },
    tables: { products: { files: 'products*.csv', columns: { id: { type: 'bigint', key: true } } } },
  };
  const { stdout } = await promisify(execFile)(process.execPath, [...room, program, JSON.stringify(feed)]);
  return JSON.parse(stdout);
}

async function expectRefused(name: string, source: object, ready: object = {}): Promise<void> {
  const found = await arrival(source, { ready, room: ROOM });
  expect(found).toMatchObject({ name });
  expect(found.peakMegabytes).toBeLessThan(MEGABYTES);
  expect(found.seconds).toBeLessThan(SECONDS);
}

describeInFull('an FTP server', () => {
  const start = async (lacks: string[] = []) => {
    const server = await startFtpServer({ root, lacks });
    onTestFinished(() => server.close());
    const ftp = {
      host: '127.0.0.1',
      port: server.port,
      user: 'demo',
      password: 'env:PASSWORD',
      tls: 'none',
      path: '/',
    };
    return { server, source: { ftp } };
  };
  const mlsd = (name: string) => `type=file;size=1;modify=20261120021314; ${name}\r\n`;
  const list = (name: string) => `-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 ${name}\r\n`;
  const hardToRead = `-rw-r--r-- ${'1 '.repeat(1900)}5 Nov 20 02:13 x\r\n`;

  test.each([
    ['names', mlsd('junk.csv'), [], 'LISTING_TOO_LONG'],
    ['names in LIST', list('junk.csv'), ['MLSD'], 'LISTING_TOO_LONG'],
    ['long names', mlsd('x'.repeat(3900)), [], 'LISTING_TOO_LONG'],
    ['lines that are hard to read', hardToRead, ['MLSD'], 'LISTING_TOO_LONG'],
    ['files that fit', mlsd(`products${'x'.repeat(240)}.csv`), [], 'LISTING_TOO_LONG'],
    ['blank lines', '\r\n', [], 'LISTING_TOO_LONG'],
    ['one line', 'x', [], 'LISTING_UNREADABLE'],
  ])('lists %s without end', async (_case, content, lacks, name) => {
    const { server, source } = await start(lacks);
    server.inject({ kind: 'endless', command: lacks.length > 0 ? 'LIST' : 'MLSD', content });
    await expectRefused(name, source);
  });

  test('lists a byte now and then', async () => {
    const { server, source } = await start();
    server.inject({ kind: 'drip', command: 'MLSD', content: '\n'.repeat(10_000) });
    server.inject({ kind: 'chatter', command: 'MLSD', content: '110 wait\r\n' });
    await expectRefused('SOURCE_SLOW', source);
  });

  test('sends a manifest without end, and replies without end', async () => {
    await writeFile(join(root, 'manifest.csv'), 'file,size\nproducts.csv,5\n');
    const { server, source } = await start(['MLSD']);
    const ready = { manifest: { file: 'manifest.csv' } };
    server.inject({ kind: 'endless', file: 'manifest.csv', content: 'x' });
    await expectRefused('SOURCE_LONG', source, ready);
    server.inject({ kind: 'talk', command: 'MDTM', content: '213-more\r\n' });
    await expectRefused('ANSWER_TOO_LONG', source, ready);
  });

  test(`lists ${FILES} files of the feed`, async () => {
    for (let id = 0; id < FILES; id += 1) await writeFile(join(root, `products_${'x'.repeat(130)}_${id}.csv`), '');
    expect(await arrival((await start()).source)).toMatchObject({ name: 'ready', files: FILES });
    expect(await arrival({ folder: root })).toMatchObject({ name: 'ready', files: FILES });
  });
});

describeInFull('an SFTP server', () => {
  const start = async () => {
    const server = await startSftpServer({ root, users: { demo: 'env:PASSWORD' } });
    onTestFinished(() => server.close());
    const address = { host: '127.0.0.1', port: server.port, user: 'demo', path: '/' };
    return { server, source: { sftp: { ...address, password: 'env:PASSWORD', host_key: server.fingerprint } } };
  };

  test.each([
    ['names', 'junk.csv', 500],
    ['long names', 'x'.repeat(20_000), 5],
    ['files that fit', `products${'x'.repeat(240)}.csv`, 300],
  ])('lists %s without end', async (_case, name, atOnce) => {
    const { server, source } = await start();
    server.faults.endlessListing = { name, atOnce, pauseMilliseconds: 0 };
    await expectRefused('LISTING_TOO_LONG', source);
  });

  test('lists a name now and then', async () => {
    const { server, source } = await start();
    server.faults.endlessListing = { name: 'x', atOnce: 1, pauseMilliseconds: 1000 };
    await expectRefused('SOURCE_SLOW', source);
  });
});

describe('a store that speaks S3', () => {
  const start = async (answer: (response: ServerResponse, page: number) => void) => {
    let pages = 0;
    const server = createServer((_request, response) => answer(response, pages++));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { s3: { bucket: 'bucket', path: 'out', endpoint, access_key: 'env:KEY', secret_key: 'env:SECRET' } };
  };
  const object = (key: string) =>
    `<Contents><Key>out/${key}</Key><LastModified>2026-11-20T02:13:14.000Z</LastModified><ETag>&quot;${'0'.repeat(32)}&quot;</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  const page = (token: number | null, content: string) =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${token !== null}</IsTruncated>${token === null ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`}${content}</ListBucketResult>`;

  testInFull.each([
    ['pages', object('junk.csv').repeat(1000)],
    ['empty pages', ''],
    ['pages of empty objects', '<Contents/>'.repeat(180_000)],
    ['files that fit', object(`products${'x'.repeat(240)}.csv`).repeat(1000)],
  ])('lists %s without end', async (_case, content) => {
    await expectRefused('LISTING_TOO_LONG', await start((response, at) => response.end(page(at, content))));
  });

  test('lists one page without end', async () => {
    const source = await start((response) => {
      const more = () => {
        while (response.write(object('junk.csv').repeat(1000)));
        response.once('drain', more);
      };
      more();
    });
    await expectRefused('ANSWER_TOO_LONG', source);
  });

  testInFull('lists a byte now and then', async () => {
    const source = await start((response) => {
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
    });
    await expectRefused('SOURCE_SLOW', source);
  });

  testInFull(`lists ${FILES} files of the feed`, async () => {
    const source = await start((response, at) => {
      const content = Array.from({ length: 1000 }, (_, id) => object(`products_${at * 1000 + id}.csv`)).join('');
      response.end(page(at < FILES / 1000 - 1 ? at : null, content));
    });
    expect(await arrival(source)).toMatchObject({ name: 'ready', files: FILES });
  });
});
