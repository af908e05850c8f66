import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Process } from '../../../lib/core/workflow/process.ts';
import { type ProcessName, processes } from '../../../lib/core/workflow/processes.ts';
import { NightfeedPipeline } from '../../../lib/infra/index.ts';
import { decide, type Policy, type Statement } from '../../support/aws/rights/policy.ts';
import { cloudFeed, resourcesOf, type Template } from '../synthesised.ts';
import { statementsByRole } from './policies.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '111122223333';
const NETWORK = { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], privateSubnetIds: ['subnet-1'] };
const names = (Object.keys(processes) as ProcessName[]).filter((name) => !['diff-glue', 'glue-job'].includes(name));
const reads = ({ read = [], write = [], remove = [] }: Process) => read.length + write.length + remove.length > 0;

describe('a key that is made in the template of a pipeline', () => {
  let template: Template;
  beforeAll(() => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Own', { env: { region: REGION } });
    const encryptionKey = new Key(stack, 'LakeKey');
    new NightfeedPipeline(stack, 'Pipeline', {
      stage: 'own',
      feed: cloudFeed,
      network: { vpc: Vpc.fromVpcAttributes(stack, 'Vpc', NETWORK) },
      lake: { bucket: new Bucket(stack, 'Lake', { encryption: BucketEncryption.KMS, encryptionKey }) },
      database: {
        ownerSecret: Secret.fromSecretNameV2(stack, 'Owner', 'shop/owner'),
        clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-0a1b2c3d'),
      },
      recipients: ['data@example.com'],
    });
    template = app.synth().getStackByName('Own').template as Template;
  });

  test('lets those decrypt who read the lake, by its own policy and theirs together', () => {
    const users = usersOf(template, 'kms:Decrypt', 's3');
    expect(users).toEqual(names.filter((name) => reads(processes[name])).sort());
    expect(users).not.toEqual([...names].sort());
  });

  test('lets those encrypt who write', () => {
    const writes = ({ write = [] }: Process) => write.length > 0;
    expect(usersOf(template, 'kms:GenerateDataKey', 's3')).toEqual(
      names.filter((name) => writes(processes[name])).sort(),
    );
  });

  test('is used through S3 alone, and managed by no process', () => {
    expect(usersOf(template, 'kms:Decrypt', 'secretsmanager')).toEqual([]);
    for (const action of ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant'])
      expect(usersOf(template, action, 's3'), action).toEqual([]);
  });
});

/** Processes that may do this with the key of the lake, as IAM decides from the role's policies and from the key's. */
function usersOf({ Resources }: Template, action: string, service: string): string[] {
  const [key] = resourcesOf({ Resources }, 'AWS::KMS::Key').filter(({ id }) => id.startsWith('LakeKey'));
  const resource = policyOf(key!.Properties.KeyPolicy);
  const context = { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` };
  const users = [...statementsByRole(Resources)].filter(([role, statements]) => {
    const access = { principal: { role: arnOf(role) }, action, resource: arnOf(key!.id), context };
    const identity = [policyOf({ Statement: statements })];
    return decide(access, { identity, resource, needsResource: true }).isAllowed;
  });
  return users.flatMap(([role]) => processOf(role)).sort();
}

function processOf(role: string): string[] {
  const [, name] = /^Pipeline(?:Functions|Deployment|Tasks)(.+)ProcessRole[0-9A-F]{8}$/.exec(role) ?? [];
  return name === undefined ? [role] : [name];
}

const arnOf = (id: string) => `arn:aws:any:${REGION}:${ACCOUNT}:${id}`;

/** A policy of a template with texts where CloudFormation puts them. */
function policyOf(document: { readonly Statement: readonly unknown[] }): Policy {
  return { Statement: document.Statement.map((statement) => resolved(statement) as Statement) };
}

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
};

function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Intrinsic;
  if (Ref !== undefined) return pseudo[Ref] ?? Ref;
  if (attribute !== undefined) return arnOf(attribute[0]);
  if (joined !== undefined) return (resolved(joined[1]) as string[]).join(joined[0]);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
  readonly 'Fn::Join'?: readonly [between: string, parts: readonly unknown[]];
}
