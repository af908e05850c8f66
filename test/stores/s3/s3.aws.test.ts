import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../../support/aws/bucket.ts';
import { storeConforms } from '../conformance.ts';

await describeAws('S3', ['localstack', 'ministack'], (aws) => {
  const open = async () => {
    const bucket = await freshBucket(aws);
    return { store: s3Store(bucket.name, aws.client), close: bucket.remove };
  };
  // MiniStack knows no checksum of a whole object that came in parts.
  storeConforms('s3', open, aws.name !== 'ministack');

  describe('the S3 store', () => {
    let bucket: Bucket;
    let store: Store;

    beforeEach(async () => {
      bucket = await freshBucket(aws);
      store = s3Store(bucket.name, aws.client);
    });

    afterEach(() => bucket.remove());

    test('lists and removes more objects than S3 handles at once, in the order of their keys', async () => {
      const keys = Array.from({ length: 1010 }, (_, n) => `a/${String(n).padStart(4, '0')}`);
      for (let n = 0; n < keys.length; n += 50) {
        await Promise.all(keys.slice(n, n + 50).map((key) => store.create(key, '')));
      }
      expect((await store.list('a/')).map(({ key }) => key)).toEqual(keys);
      await store.remove(keys.slice(0, 1005));
      expect((await store.list('a/')).map(({ key }) => key)).toEqual(keys.slice(1005));
    });

    test("removes what lists as a folder: Spark's marks", async () => {
      await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'changes/a/_temporary/0/' }));
      const found = (await store.list('changes/a/')).map(({ key }) => key);
      expect(found).toEqual(['changes/a/_temporary/0/']);
      await store.remove(found);
      expect(await store.list('changes/')).toEqual([]);
    });

    test('copies an object into the scratch folder once', async () => {
      const scratch = await mkdtemp(join(tmpdir(), 'nightfeed-scratch-'));
      try {
        await store.create('changes/a/inserted.parquet', 'PAR1');
        const path = await store.localPath('changes/a/inserted.parquet', scratch);

        expect(path).toBe(join(scratch, 'changes/a/inserted.parquet'));
        await store.remove(['changes/a/inserted.parquet']);
        expect(await store.localPath('changes/a/inserted.parquet', scratch)).toBe(path);
        expect(await readFile(path, 'utf8')).toBe('PAR1');
        await expect(store.localPath('changes/a/none', scratch)).rejects.toMatchObject({ name: 'OBJECT_MISSING' });
        expect(await readdir(scratch)).toEqual(['changes']);
      } finally {
        await rm(scratch, { recursive: true });
      }
    });

    test('says STORE_DENIED of a bucket that does not exist', async () => {
      const nowhere = s3Store(`${bucket.name}-none`, aws.client);
      const denied = { name: 'STORE_DENIED', transient: false, message: expect.stringContaining('NoSuchBucket') };

      await expect(nowhere.create('a', '')).rejects.toMatchObject(denied);
      await expect(nowhere.readText('a')).rejects.toMatchObject(denied);
      await expect(nowhere.list('')).rejects.toMatchObject(denied);
    });
  });
});
