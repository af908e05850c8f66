import { type CfnElement, Stack, Token } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { isSameSecret } from '../core/cloud/same-secret.ts';
import { NightfeedError } from '../core/errors.ts';
import { kindOf } from '../core/feed/descriptors/source-descriptor.ts';
import type { Feed } from '../core/feed/spec.ts';
import { sources } from '../sources/index.ts';
import { cloudNeedsOf, secretsOf } from './cloud-needs.ts';
import type { PipelineDatabase, PipelineLake, PipelineSecret } from './constructs/pipeline-context.ts';

interface OwnThings {
  readonly lake: PipelineLake;
  readonly database: PipelineDatabase;
  readonly logins: readonly PipelineSecret[];
}

/**
 * Refuses a feed that names something of the deployment itself: a login of the database, which the feed could send to a vendor, or the
 * lake, which has the rows of all feeds. Throws FEED_INVALID.
 */
export function checkOwnThings(feed: Feed, { lake, database, logins }: OwnThings): void {
  const { ownerSecret, loaderSecret } = database;
  const own = [ownerSecret, ...(loaderSecret ? [loaderSecret] : []), ...logins];
  const secrets = secretsOf(feed).filter((name) => isOneOf(own, name) || isBucketOf(lake, name));
  const { bucket } = cloudNeedsOf(feed);
  const kind = kindOf(feed.source, sources).name;
  const faults = [
    ...secrets.map(
      (name) => `feed ${feed.feed}: source: secret:${name} is the deployment's own, and no secret of a vendor's`,
    ),
    ...(bucket !== undefined && isBucketOf(lake, bucket)
      ? [`feed ${feed.feed}: source.${kind}.bucket: ${bucket} is the lake, and no vendor's bucket`]
      : []),
  ];
  if (faults.length > 0)
    throw new NightfeedError('FEED_INVALID', faults.join('\n'), {
      hint: "Put the vendor's secret under a name of its own, or name the vendor's bucket; then synthesise again.",
    });
}

function isOneOf(secrets: readonly PipelineSecret[], name: string): boolean {
  return secrets.some(
    (secret) =>
      [secret.secretFullArn, secret.secretArn].some((arn) => arn !== undefined && isSameSecret(name, arn)) ||
      generated(secret, CfnSecret.CFN_RESOURCE_TYPE_NAME).some((id) => nameIn(name).startsWith(`${id}-`)),
  );
}

function isBucketOf({ bucket }: PipelineLake, name: string): boolean {
  if (!Token.isUnresolved(bucket.bucketName)) return bucket.bucketName === name;
  const stack = Construct.isConstruct(bucket) ? Stack.of(bucket).stackName : '';
  // CloudFormation shortens both parts of long names.
  return generated(bucket, CfnBucket.CFN_RESOURCE_TYPE_NAME).some((id) =>
    name.startsWith(`${stack}-${id}`.slice(0, LONGEST_PREFIX).toLowerCase()),
  );
}

const LONGEST_PREFIX = 24;

/** Logical ids of resources of a type in the construct's stack. CloudFormation uses them as the beginning of generated names. */
function generated(thing: unknown, type: string): string[] {
  if (!Construct.isConstruct(thing)) return [];
  const stack = Stack.of(thing);
  return stack.node
    .findAll()
    .filter((child) => 'cfnResourceType' in child && child.cfnResourceType === type)
    .map((child) => stack.resolve((child as CfnElement).logicalId) as string);
}

function nameIn(reference: string): string {
  return reference.startsWith('arn:') ? reference.split(':').slice(6).join(':') : reference;
}
