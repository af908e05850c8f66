import { describe, expect, test } from 'vitest';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { freshBucket } from '../../support/aws/bucket.ts';
import { RetentionLab, rows } from './retention-lab.ts';

await describeAws('S3', ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('a lake in S3 (skipped without an emulator)', () => {
    test('keeps to the limits, and keeps what production holds', async () => {
      const bucket = await freshBucket(aws);
      try {
        const lab = new RetentionLab(
          { landing: '1d', changes: '1d', receipts: '2d' },
          s3Store(bucket.name, aws.client),
        );
        const first = lab.date;
        for (const [days, count] of [
          [0, 10],
          [1, 11],
          [1, 12],
          [9, 13],
        ] as const) {
          lab.later(days);
          lab.content = rows(count);
          expect(await lab.night()).toMatchObject({ state: 'published' });
        }
        expect((await lab.keysIn('landing')).filter((key) => key.includes(first))).toEqual([]);
        expect((await lab.keysIn('receipts')).filter((key) => key.includes(`${first}/removed/`))).toHaveLength(4);
        expect([...(await lab.broken()), ...(await lab.dangling())]).toEqual([]);
      } finally {
        await bucket.remove();
      }
    });
  });
});
