import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import { PART_BYTES, PARTS_IN_FLIGHT } from '../../../lib/stores/s3/s3-upload.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type Bucket, freshBucket, inChunks } from '../../support/aws/bucket.ts';
import { brokenStore, refusal } from '../../support/nights/broken-store.ts';

// MiniStack knows no checksum of a whole object that came in parts.
await describeAws('An object in parts', ['localstack'], (aws) => {
  let bucket: Bucket;
  let store: Store;

  beforeEach(async () => {
    bucket = await freshBucket(aws);
    store = s3Store(bucket.name, aws.client);
  });

  afterEach(() => bucket.remove());

  async function openUploads(): Promise<number> {
    const { Uploads = [] } = await bucket.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
    return Uploads.length;
  }

  test.each([
    ['one byte less than a part', PART_BYTES - 1],
    ['one part', PART_BYTES],
    ['more parts than are sent at once', PARTS_IN_FLIGHT * PART_BYTES + 12_345],
  ])('keeps all bytes of %s, and their checksum', async (_, size) => {
    const bytes = randomBytes(size);
    expect(await store.write('a/part', inChunks(bytes))).toBe(size);

    expect((await buffer(store.read('a/part'))).equals(bytes)).toBe(true);
    const head = new HeadObjectCommand({ Bucket: bucket.name, Key: 'a/part', ChecksumMode: 'ENABLED' });
    // Six digits and no `-5`, which would say that it is made of the parts' checksums.
    const whole = { ContentLength: size, ChecksumCRC32: expect.stringMatching(/^[A-Za-z0-9+/]{6}==$/) };
    expect(await bucket.client.send(head)).toMatchObject(whole);
  });

  test('is that of the writer who completes first, and the other leaves nothing open', async () => {
    const [first, second] = [randomBytes(2 * PART_BYTES), randomBytes(2 * PART_BYTES)];
    const bothSent = Promise.withResolvers<void>();
    const late = async function* () {
      yield* inChunks(second);
      bothSent.resolve();
      // LocalStack decides about two completions at the same moment in favour of both.
      await writing;
    };
    const early = async function* () {
      yield* inChunks(first);
      await bothSent.promise;
    };
    const writing = store.write('a/part', early());

    const refused = { name: 'OBJECT_EXISTS', message: expect.stringContaining('exists already') };
    await expect(store.write('a/part', late())).rejects.toMatchObject(refused);
    expect(await writing).toBe(first.length);
    expect((await buffer(store.read('a/part'))).equals(first)).toBe(true);
    expect(await openUploads()).toBe(0);
  });

  test('is not there, and no upload is open, when the origin fails in the middle', async () => {
    const failure = new Error('the vendor hung up');
    const failing = async function* () {
      yield* inChunks(randomBytes(3 * PART_BYTES));
      throw failure;
    };

    await expect(store.write('a/part', failing())).rejects.toBe(failure);
    expect(await store.list('')).toEqual([]);
    expect(await openUploads()).toBe(0);
  });

  describe.skipIf(aws.folder === undefined)('through a front that breaks (skipped without an emulator)', () => {
    test('is not there, no upload is open and the origin is closed when S3 refuses a part', async () => {
      const { store: refusing } = await brokenStore(aws, bucket, ({ url }) =>
        url.includes('partNumber=2') ? refusal(403, 'AccessDenied') : undefined,
      );
      let isClosed = false;
      const body = async function* () {
        try {
          yield* inChunks(randomBytes(6 * PART_BYTES));
        } finally {
          isClosed = true;
        }
      };

      await expect(refusing.write('a/part', body())).rejects.toMatchObject({ name: 'STORE_DENIED' });
      expect(isClosed).toBe(true);
      expect(await store.list('')).toEqual([]);
      expect(await openUploads()).toBe(0);
    });

    test('is known as our own when the answer to its completion was lost', async () => {
      const bytes = randomBytes(2 * PART_BYTES);
      // The first POST opens the upload.
      const { store: forgetful } = await brokenStore(aws, bucket, ({ method }, earlier) =>
        method === 'POST' && earlier === 1 ? { kind: 'lose answer' } : undefined,
      );

      expect(await forgetful.write('a/part', inChunks(bytes))).toBe(bytes.length);
      expect((await buffer(store.read('a/part'))).equals(bytes)).toBe(true);
    });

    test('takes no more of its origin than the parts that are under way', async () => {
      const gate = Promise.withResolvers<void>();
      const { store: slow } = await brokenStore(aws, bucket, ({ url }) =>
        url.includes('partNumber') ? { kind: 'delay', until: gate.promise } : undefined,
      );
      let taken = 0;
      const body = async function* () {
        for await (const chunk of inChunks(randomBytes(8 * PART_BYTES))) {
          taken += chunk.length;
          yield chunk;
        }
      };

      const writing = slow.write('a/part', body());
      while (taken < PARTS_IN_FLIGHT * PART_BYTES) await sleep(10);
      await sleep(200);
      expect(taken).toBe(PARTS_IN_FLIGHT * PART_BYTES);
      gate.resolve();
      expect(await writing).toBe(8 * PART_BYTES);
    });
  });
});
