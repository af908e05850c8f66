import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';

/** How objects come back that were removed. */
export const lakeSchema = z
  .strictObject({
    keep_removed_days: z
      .int()
      .min(0)
      .max(3650)
      .default(30)
      .describe(
        'For so many days S3 keeps an object after it was removed, as an older version; with 0 it is gone at once.',
      ),
    copy_to: matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket, such as lake-copy')
      .optional()
      .describe('A bucket of yours, with versions, that S3 copies each new object to; in another region, for example.'),
  })
  .refine(({ keep_removed_days, copy_to }) => copy_to === undefined || keep_removed_days > 0, {
    error: 'expected at least 1 beside copy_to, because S3 copies only objects with versions',
    path: ['keep_removed_days'],
  });

export type LakeConfig = z.output<typeof lakeSchema>;

/** Backups of our own Aurora beside the 14 days to any second of which every cluster can be restored. */
export const backupSchema = z.strictObject({
  keep_days: z.int().min(1).max(3650).describe('How long AWS Backup keeps the backup of each day.'),
  copy_to: matching(
    /^arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/,
    'expected the ARN of a backup vault',
  )
    .optional()
    .describe('ARN of a vault of yours that gets a copy; in another region or account, for example.'),
});

export type BackupConfig = z.output<typeof backupSchema>;
