import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../../lib/sources/common/limits.ts';
import { s3Source } from '../../../lib/sources/s3/s3.ts';
import { around, impatient, named, small, tooLong, tooSlow } from '../limited.ts';

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
