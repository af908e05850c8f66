import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { type S3Config, s3Source } from '../../../lib/sources/s3/s3.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../../support/aws/bucket.ts';
import { refusal } from '../../support/nights/broken-store.ts';
import { type Fault, type HttpFront, httpFront } from '../../support/vendors/http-front.ts';
import { sourceConforms } from '../conformance.ts';

const SECRET = 'only-for-this-test-5521';
const LINES = Buffer.from(Array.from({ length: 60_000 }, (_, id) => `${id},thing ${id * 7919}\n`).join(''));

await describeAws('a bucket as the source', ['localstack', 'ministack'], (aws) => {
  sourceConforms('s3', async () => {
    const bucket = await freshBucket(aws);
    const { client, name: Bucket } = bucket;
    return {
      pathOf: (folder) => folder,
      open: (path) =>
        s3Source({
          bucket: Bucket,
          path,
          region: aws.client.region,
          endpoint: aws.client.endpoint,
          accessKey: aws.client.credentials?.accessKeyId,
          secretKey: aws.client.credentials?.secretAccessKey,
        }),
      put: async (Key, Body) => void (await client.send(new PutObjectCommand({ Bucket, Key, Body }))),
      remove: async (Key) => void (await client.send(new DeleteObjectCommand({ Bucket, Key }))),
      close: bucket.remove,
    };
  });

  let bucket: Bucket;

  beforeEach(async () => {
    bucket = await freshBucket(aws);
  });

  afterEach(() => bucket.remove());

  const put = async (key: string, body: string | Buffer) => {
    await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: body }));
  };
  const open = (config: Partial<S3Config> = {}): Source => {
    const keys = aws.client.credentials;
    const source = s3Source({
      bucket: bucket.name,
      path: 'out/2026-11-20',
      region: aws.client.region,
      endpoint: aws.client.endpoint,
      accessKey: keys?.accessKeyId,
      secretKey: keys?.secretAccessKey,
      ...config,
    });
    onTestFinished(() => source.close());
    return source;
  };

  test('lists the objects of its folder with size, time and version, and nothing beside or below it', async () => {
    await put('out/2026-11-20/products.csv', 'id\n1\n');
    await put('out/2026-11-20/two words+é%.csv', 'id\n');
    for (const key of ['products.csv', 'out/2026-11-200/a.csv', 'out/2026-11-20/below/a.csv', 'out/2026-11-20/.part'])
      await put(key, 'x');
    await put('out/2026-11-20/', '');

    const listed = await open().list();

    expect(listed.map(({ name, size }) => [name, size])).toEqual([
      ['products.csv', 5],
      ['two words+é%.csv', 3],
    ]);
    expect(Math.abs(Date.parse(listed[0]!.modified!) - Date.now())).toBeLessThan(60_000);
    expect(listed[0]!.version).toMatch(/^[0-9a-f]{32}$/);
    expect(await open().stat('products.csv')).toEqual(listed[0]);
    expect((await buffer(open().read('two words+é%.csv'))).toString()).toBe('id\n');
    expect((await open({ path: '/' }).list()).map(({ name }) => name)).toEqual(['products.csv']);
  });

  test('lists more than a thousand objects', async () => {
    const names = Array.from({ length: 1003 }, (_, index) => `part-${String(index).padStart(4, '0')}.csv`);
    for (let start = 0; start < names.length; start += 50)
      await Promise.all(names.slice(start, start + 50).map((name) => put(`out/2026-11-20/${name}`, 'x')));

    expect((await open().list()).map(({ name }) => name)).toEqual(names);
  });

  test.each([
    ['is gone', 'gone.csv', 'SOURCE_CHANGED'],
    ['is only the beginning of another name', 'product', 'SOURCE_CHANGED'],
  ])('refuses a name that %s', async (_case, name, error) => {
    await put('out/2026-11-20/products.csv', 'id\n');
    await expect(open().stat(name)).rejects.toMatchObject({ name: error });
    await expect(buffer(open().read(name))).rejects.toMatchObject({ name: error });
  });

  test('tells what is no bucket', async () => {
    const failure = { name: 'SOURCE_DENIED', message: expect.stringContaining('NoSuchBucket') };
    await expect(open({ bucket: 'nightfeed-has-no-such-bucket' }).list()).rejects.toMatchObject(failure);
  });

  test('another object in the place of the one that was looked at is not read', async () => {
    await put('out/2026-11-20/products.csv', 'id\n1\n');
    const source = open();
    const [before] = await source.list();
    await put('out/2026-11-20/products.csv', 'id\n2\n');

    await expect(buffer(source.read('products.csv'))).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
    const after = await source.stat('products.csv');
    expect(after.size).toBe(before!.size);
    expect(after.version).not.toBe(before!.version);
    expect((await buffer(source.read('products.csv'))).toString()).toBe('id\n2\n');
  });

  describe.skipIf(aws.folder === undefined)('on a bad day (skipped without an emulator)', () => {
    let front: HttpFront;

    /** Through a way that breaks for requests that read an object. */
    const broken = async (decide: (request: IncomingMessage, earlier: number) => Fault | undefined) => {
      let readings = 0;
      front = await httpFront(aws.client.endpoint!, (request) =>
        request.url!.includes('list-type') ? decide(request, -1) : decide(request, readings++),
      );
      onTestFinished(() => front.close());
      return open({ endpoint: front.url, timeoutMilliseconds: 400 });
    };
    const receive = async (source: Source) => {
      const [file] = await source.list();
      const reception = new Transfer(source, file!, quietPorts, () => {});
      return buffer(reception.bytes());
    };

    test.each([0, 1, 65_535, 65_536, 65_537, 500_000, LINES.length - 1])(
      'goes on where the line broke, at byte %i',
      async (bytes) => {
        await put('out/2026-11-20/products.csv', LINES);
        const source = await broken((_, earlier) => (earlier === 0 ? { kind: 'cut', bytes } : undefined));

        expect((await receive(source)).equals(LINES)).toBe(true);
        const ranges = front.requests.filter((request) => request.includes('products.csv?'));
        expect(ranges).toHaveLength(2);
      },
    );

    test('does not mix two objects when one is replaced while the line is broken', async () => {
      await put('out/2026-11-20/products.csv', LINES);
      const other = Buffer.from(LINES);
      other.write('9', LINES.length - 2);
      const source = await broken((_, earlier) => {
        if (earlier === 0) return { kind: 'cut', bytes: 300_000 };
        return earlier === 1 ? { kind: 'delay', until: put('out/2026-11-20/products.csv', other) } : undefined;
      });

      await expect(receive(source)).rejects.toMatchObject({ name: 'SOURCE_CHANGED', transient: true });
    });

    test('gives up a transfer of which no byte comes any more, in bounded time', async () => {
      await put('out/2026-11-20/products.csv', LINES);
      const source = await broken((_, earlier) =>
        earlier >= 0 ? { kind: 'delay', until: new Promise(() => {}) } : undefined,
      );
      const begun = Date.now();

      await expect(buffer(source.read('products.csv'))).rejects.toMatchObject({
        name: 'SOURCE_UNREACHABLE',
        transient: true,
      });
      expect(Date.now() - begun).toBeLessThan(30_000);
    });

    test('notices a byte that is another than the vendor wrote', async () => {
      await put('out/2026-11-20/products.csv', randomBytes(100_000));
      const source = await broken((_, earlier) => (earlier >= 0 ? { kind: 'damage' } : undefined));

      await expect(receive(source)).rejects.toMatchObject({ name: 'SOURCE_CHANGED' });
    });

    test.each([
      [403, 'AccessDenied', 'SOURCE_DENIED'],
      [403, 'InvalidObjectState', 'SOURCE_DENIED'],
      [403, 'InvalidAccessKeyId', 'SOURCE_LOGIN'],
      [403, 'SignatureDoesNotMatch', 'SOURCE_LOGIN'],
      [400, 'ExpiredToken', 'SOURCE_LOGIN'],
      [400, 'AuthorizationHeaderMalformed', 'SOURCE_DENIED'],
      [503, 'SlowDown', 'SOURCE_UNREACHABLE'],
      [500, 'InternalError', 'SOURCE_UNREACHABLE'],
    ])('answers S3 saying %i %s with %s', async (status, code, name) => {
      await put('out/2026-11-20/products.csv', 'id\n');
      const source = await broken(() => refusal(status, code));
      const failure = { name, message: expect.stringContaining(code) };

      await expect(source.list()).rejects.toMatchObject(failure);
      await expect(source.stat('products.csv')).rejects.toMatchObject(failure);
      await expect(buffer(source.read('products.csv'))).rejects.toMatchObject(failure);
    });

    test('tells the region of a bucket that is in another one', async () => {
      const source = await broken(() => ({
        ...refusal(301, 'PermanentRedirect'),
        headers: { 'x-amz-bucket-region': 'eu-west-1' },
      }));

      await expect(source.list()).rejects.toMatchObject({
        name: 'SOURCE_DENIED',
        message: expect.stringContaining('the bucket is in region eu-west-1'),
      });
    });

    test('keeps the keys out of what a server echoes', async () => {
      const source = await broken(() => ({
        kind: 'answer',
        status: 403,
        body: `<Error><Code>AccessDenied</Code><Message>no ${SECRET}</Message></Error>`,
      }));
      const failing = open({ endpoint: front.url, secretKey: SECRET });
      await source.close();

      const failure = await failing.list().catch((thrown) => thrown);
      expect(failure.message).toContain('no ***');
    });
  });
});

test('says where a connection is not encrypted', () => {
  const source = (endpoint?: string) =>
    s3Source({ bucket: 'b', path: '', endpoint, accessKey: 'a', secretKey: 's', region: 'eu-west-1' });
  expect(source('http://s3.vendor.example').notes).toHaveLength(1);
  expect(source('https://s3.vendor.example').notes).toEqual([]);
  expect(source().notes).toEqual([]);
});

test('nobody who listens is unreachable', async () => {
  const source = s3Source({ bucket: 'b', path: '', endpoint: 'http://127.0.0.1:9', accessKey: 'a', secretKey: 's' });
  await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_UNREACHABLE', transient: true });
});

const quietPorts = { sleep: async () => {}, say: () => {}, now: () => new Date() } as unknown as Ports;
