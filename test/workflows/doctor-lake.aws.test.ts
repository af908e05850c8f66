import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import type { Store } from '../../lib/ports/store.ts';
import { s3Store } from '../../lib/stores/s3/s3.ts';
import type { Check } from '../../lib/workflows/doctor/area.ts';
import { examineLake } from '../../lib/workflows/doctor/lake.ts';
import { describeAws } from '../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../support/aws/bucket.ts';
import { brokenStore, refusal } from '../support/nights/broken-store.ts';

const feed = feedSchema.parse({
  feed: 'shop',
  source: { folder: '.' },
  tables: { t: { files: 't.csv', columns: { id: { type: 'bigint', key: true } } } },
});

async function examined(store: Store): Promise<Check[]> {
  const checks: Check[] = [];
  const ledger = { exists: async () => false, lake: async () => null };
  const known = { ledger: true, bytes: 5e12 };
  await examineLake(feed, known, { store, ledger, elapsed: () => performance.now() }, (check) => checks.push(check));
  return checks;
}

await describeAws('S3', ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('a lake on S3 (skipped without an emulator)', () => {
    let bucket: Bucket;

    beforeEach(async () => {
      bucket = await freshBucket(aws);
    });

    afterEach(() => bucket.remove());

    test('is written to, read and left as it was, and has room for any delivery', async () => {
      const store = s3Store(bucket.name, aws.client);
      const checks = await examined(store);
      expect(checks.map(({ verdict, found }) => [verdict, found])).toEqual([
        ['ok', `s3://${bucket.name}, and the ledger names no other`],
        ['ok', 'an object was written, read back and removed'],
        ['ok', 'its space has no limit'],
      ]);
      expect(await store.list('')).toEqual([]);
    });

    test('that does not exist, or may only be read, fails with the name of that', async () => {
      const absent = await examined(s3Store(`${bucket.name}-none`, aws.client));
      expect(absent.at(-1)).toMatchObject({ verdict: 'fail', error: 'STORE_DENIED' });

      const { store } = await brokenStore(aws, bucket, ({ method }) =>
        method === 'PUT' ? refusal(403, 'AccessDenied') : undefined,
      );
      expect((await examined(store)).at(-1)).toMatchObject({ verdict: 'fail', error: 'STORE_DENIED' });
    });
  });
});
