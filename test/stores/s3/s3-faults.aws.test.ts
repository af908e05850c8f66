import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type Bucket, freshBucket, inChunks } from '../../support/aws/bucket.ts';
import { brokenStore, refusal } from '../../support/nights/broken-store.ts';
import type { Fault } from '../../support/vendors/http-front.ts';

await describeAws('S3', ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('the S3 store on a bad day (skipped without an emulator)', () => {
    let bucket: Bucket;
    let store: Store;

    beforeEach(async () => {
      bucket = await freshBucket(aws);
      store = s3Store(bucket.name, aws.client);
    });

    afterEach(() => bucket.remove());

    test('goes on reading where the connection broke, twice', async () => {
      const bytes = randomBytes(5 << 20);
      await store.write('a/part', inChunks(bytes));
      const { store: cut, front } = await brokenStore(aws, bucket, (_, earlier) =>
        earlier < 2 ? { kind: 'cut', bytes: 2 << 20 } : undefined,
      );

      expect((await buffer(cut.read('a/part'))).equals(bytes)).toBe(true);
      expect(front.requests).toHaveLength(3);
    });

    test('goes on reading after a pause that was too long for the connection', async () => {
      const bytes = randomBytes(24 << 20);
      await store.write('a/part', inChunks(bytes));
      const impatient = { requestHandler: { socketTimeout: 200 } };
      const { store: hasty, front } = await brokenStore(aws, bucket, () => undefined, impatient);

      const read: Buffer[] = [];
      for await (const chunk of hasty.read('a/part')) {
        if (read.length === 0) await sleep(1000);
        read.push(chunk);
      }
      expect(Buffer.concat(read).equals(bytes)).toBe(true);
      expect(front.requests).toHaveLength(2);
    });

    test('gives a reading up when no connection brings a byte', async () => {
      await store.write('a/part', inChunks(randomBytes(1 << 20)));
      const { store: cut, front } = await brokenStore(aws, bucket, (_, earlier) => ({
        kind: 'cut',
        bytes: earlier === 0 ? 1000 : 0,
      }));

      await expect(buffer(cut.read('a/part'))).rejects.toMatchObject({ name: 'STORE_UNAVAILABLE', transient: true });
      expect(front.requests.length).toBeLessThan(20);
    });

    test('does not mix two objects: what was replaced meanwhile is missing', async () => {
      await store.write('a/part', inChunks(randomBytes(2 << 20)));
      const replacement = new PutObjectCommand({ Bucket: bucket.name, Key: 'a/part', Body: randomBytes(2 << 20) });
      let replaced: Promise<unknown> | undefined;
      const { store: cut } = await brokenStore(aws, bucket, (_, earlier) =>
        earlier === 0 ? { kind: 'cut', bytes: 1000 } : { kind: 'delay', until: replaced! },
      );

      const reading = cut.read('a/part');
      reading.once('data', () => {
        replaced = bucket.client.send(replacement);
      });
      await expect(buffer(reading)).rejects.toMatchObject({ name: 'OBJECT_MISSING' });
    });

    test('notices that a byte is another than what was written', async () => {
      await store.write('a/part', inChunks(randomBytes(1 << 20)));
      const { store: damaging } = await brokenStore(aws, bucket, () => ({ kind: 'damage' }));

      const failure = { name: 'STORE_UNAVAILABLE', message: expect.stringContaining('CRC-32') };
      await expect(buffer(damaging.read('a/part'))).rejects.toMatchObject(failure);
    });

    test('asks again while S3 says that another request decides', async () => {
      const { store: contended } = await brokenStore(aws, bucket, (_, earlier) =>
        earlier < 3 ? refusal(409, 'ConditionalRequestConflict') : undefined,
      );

      expect(await contended.create('receipts/a.json', '{}')).toBe(true);
      expect(await store.readText('receipts/a.json')).toBe('{}');
    });

    test('knows its own object when the answer to its creation was lost', async () => {
      const forgetful = async () =>
        (
          await brokenStore(aws, bucket, ({ method }, earlier) =>
            method === 'PUT' && earlier === 0 ? { kind: 'lose answer' } : undefined,
          )
        ).store;

      expect(await (await forgetful()).create('receipts/a.json', '{}')).toBe(true);
      expect(await (await forgetful()).create('receipts/a.json', '{"other": 1}')).toBe(false);
      expect(await (await forgetful()).write('a/part', inChunks(Buffer.from('abc')))).toBe(3);
    });

    test.each([
      [403, 'AccessDenied', 'STORE_DENIED'],
      [403, 'InvalidAccessKeyId', 'STORE_DENIED'],
      [400, 'KMS.DisabledException', 'STORE_DENIED'],
      [400, 'ExpiredToken', 'STORE_DENIED'],
      [503, 'SlowDown', 'STORE_UNAVAILABLE'],
      [500, 'InternalError', 'STORE_UNAVAILABLE'],
    ])('answers S3 saying %i %s with %s', async (status, code, name) => {
      const { store: refusing } = await brokenStore(aws, bucket, () => refusal(status, code));
      const failure = { name, message: expect.stringContaining(code) };

      await expect(refusing.create('a', '')).rejects.toMatchObject(failure);
      await expect(refusing.readText('a')).rejects.toMatchObject(failure);
      await expect(refusing.list('a/')).rejects.toMatchObject(failure);
      await expect(refusing.remove(['a'])).rejects.toMatchObject(failure);
    });

    test('removes no more than a thousand objects in one request', async () => {
      const { store: watched, front } = await brokenStore(aws, bucket, () => undefined);
      await watched.remove(Array.from({ length: 1001 }, (_, n) => `a/${n}`));
      expect(front.requests).toHaveLength(2);
    });

    test('fails when one of many objects may not be removed', async () => {
      const body =
        '<DeleteResult><Error><Key>a/2</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>';
      const answer: Fault = { kind: 'answer', status: 200, body };
      const { store: refusing } = await brokenStore(aws, bucket, () => answer);

      const failure = { name: 'STORE_DENIED', message: expect.stringContaining('a/2') };
      await expect(refusing.remove(['a/1', 'a/2'])).rejects.toMatchObject(failure);
    });
  });
});
