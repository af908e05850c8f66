import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectOwnership,
  type ReplicationRule,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import type { PipelineLake } from '../constructs/pipeline-context.ts';
import { dataRemoval } from '../destroy-data.ts';
import { importedKey } from '../imported-keys.ts';
import type { LakeConfig } from '../recovery-config.ts';

interface LakeStackProps extends StackProps {
  readonly stage: string;
  readonly destroyData: boolean;
  readonly options: LakeConfig;
  /** ARN of the key that encrypts the objects, instead of a key of S3. */
  readonly key: string | undefined;
}

/** The bucket of all feeds. It stays when a feed or this stack is removed. */
export class LakeStack extends Stack implements PipelineLake {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage, destroyData, options, key, ...props }: LakeStackProps) {
    super(scope, id, props);
    const removalPolicy = dataRemoval(this, stage, destroyData);
    this.bucket = new Bucket(this, 'Bucket', {
      ...encryptedWith(importedKey(this, 'Key', key)),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      // Objects are never replaced, so an older version is an object that was removed.
      versioned: options.keep_removed_days > 0,
      ...(options.copy_to ? { replicationRules: [copiesTo(this, options.copy_to)] } : {}),
      lifecycleRules: lifecycle(options),
      removalPolicy,
    });
    // What refuses unencrypted connections stays as long as the bucket.
    this.bucket.policy?.applyRemovalPolicy(removalPolicy);
    acknowledge(
      this.bucket,
      'S1',
      'Objects are written once and named by receipts; who did what is in the ledger. CloudTrail records access where that is wanted.',
    );
    new CfnOutput(this, 'BucketName', { value: this.bucket.bucketName, description: 'The lake' });
  }
}

function lifecycle({ keep_removed_days: days }: LakeConfig): LifecycleRule[] {
  return [
    // Longer than the longest transfer of one file.
    { id: 'aborted-uploads', abortIncompleteMultipartUploadAfter: Duration.days(2) },
    // These have rows that somebody looked at. Who released which rows stays in the ledger.
    ...['errands', 'answers'].map((zone) => ({
      id: zone,
      prefix: `${zone}/`,
      expiration: Duration.days(7),
      ...(days > 0 ? { noncurrentVersionExpiration: Duration.days(1) } : {}),
    })),
    ...(days > 0
      ? [{ id: 'removed', noncurrentVersionExpiration: Duration.days(days), expiredObjectDeleteMarker: true }]
      : []),
  ];
}

/** Removals are not copied: who removes an object here leaves it there. */
function copiesTo(scope: Construct, name: string): ReplicationRule {
  return { destination: Bucket.fromBucketName(scope, 'Copy', name), deleteMarkerReplication: false };
}

/** With a key of KMS the bucket keeps keys of its own made from it, so that not every object is a paid call of KMS. */
function encryptedWith(key: IKey | undefined): BucketProps {
  if (key === undefined) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}
