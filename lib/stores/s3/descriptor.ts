import { environmentNames } from '../../core/cloud/environment-names.ts';
import type { CloudRight, LakeBucket, LakeUse } from '../../core/cloud/process-needs.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { StoreKind } from '../../ports/store-kind.ts';

export const s3: StoreKind = {
  name: 's3',
  runs: 'in the cloud',
  cloud: (lake, use) => ({ rights: rightsOf(lake, use), environment: { [environmentNames.bucket]: lake.name } }),
  async open({ setting }) {
    const bucket = setting(environmentNames.bucket);
    if (bucket === undefined)
      throw new NightfeedError('USAGE', `the environment variable ${environmentNames.bucket} is not set`);
    const { s3Store } = await import('./s3.ts');
    return s3Store(bucket);
  },
};

function rightsOf({ arn }: LakeBucket, { read, write, remove, listsUploads }: LakeUse): CloudRight[] {
  const readable = [...new Set([...read, ...write, ...remove])];
  const onObjects = (actions: readonly string[], prefixes: readonly string[]): CloudRight[] =>
    prefixes.length > 0 ? [{ actions, resources: prefixes.map((prefix) => `${arn}/${prefix}*`) }] : [];
  return [
    ...onObjects(['s3:GetObject'], readable),
    ...onObjects(['s3:PutObject', 's3:AbortMultipartUpload'], write),
    ...onObjects(['s3:DeleteObject'], remove),
    ...(readable.length > 0 ? [listing(arn, readable)] : []),
    // S3 knows no prefix as a condition here, so the keys of all unfinished uploads are shown.
    ...(listsUploads ? [{ actions: ['s3:ListBucketMultipartUploads'], resources: [arn] }] : []),
  ];
}

function listing(arn: string, prefixes: readonly string[]): CloudRight {
  return {
    actions: ['s3:ListBucket'],
    resources: [arn],
    // Whoever gets a missing object without this right is told "denied". S3 then compares the object's key with `s3:prefix`; so it does
    // according to Ceph's developers, who do the same (https://github.com/ceph/ceph/pull/68577, April 2026). Without a prefix nothing is listed.
    conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
  };
}
