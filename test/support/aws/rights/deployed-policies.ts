import { GetPolicyCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws } from '../aws.ts';
import { askAws, queryAws } from '../aws-request.ts';
import type { Policies, Policy, Principal } from './policy.ts';

/** The policies that CloudFormation made of our templates, as the emulator has them. */
export interface DeployedPolicies {
  /** Names of policies with their statements; of a role, by its ARN. */
  ofRole(role: string): Promise<ReadonlyMap<string, Policy>>;
  /** All that decide about an action of this principal on this resource. */
  deciding(principal: Principal, action: string, resource: string): Promise<Policies>;
}

export function deployedPolicies(aws: Aws): DeployedPolicies {
  const ofRole = remembering((role: string) => policiesOfRole(aws, role));
  const boundary = remembering((role: string) => boundaryOf(aws, role));
  const ofResource = remembering((resource: string) => policyOfResource(aws, resource));
  return {
    ofRole,
    async deciding(principal, action, resource) {
      const isTrust = action === 'sts:AssumeRole';
      const common = { resource: await ofResource(resource), needsResource: isTrust || action.startsWith('kms:') };
      if ('service' in principal) return { identity: [], ...common };
      return {
        ...common,
        identity: [...(await ofRole(principal.role)).values()],
        boundary: await boundary(principal.role),
      };
    },
  };
}

/** Calls `find` once for each name. */
export function remembering<Found>(find: (name: string) => Promise<Found>): (name: string) => Promise<Found> {
  const found = new Map<string, Promise<Found>>();
  return (name) => {
    const known = found.get(name) ?? find(name);
    found.set(name, known);
    return known;
  };
}

const iam = (aws: Aws, Action: string, request: Record<string, string>) =>
  queryAws(aws, 'iam', { Action, Version: '2010-05-08', ...request });

async function policiesOfRole(aws: Aws, role: string): Promise<Map<string, Policy>> {
  const RoleName = nameOfRole(role);
  const [inline, attached] = await Promise.all([
    iam(aws, 'ListRolePolicies', { RoleName }),
    iam(aws, 'ListAttachedRolePolicies', { RoleName }),
  ]);
  const own = texts(inline, 'member').map(async (PolicyName): Promise<[string, Policy]> => {
    const answer = await iam(aws, 'GetRolePolicy', { RoleName, PolicyName });
    return [PolicyName, documentIn(answer, 'PolicyDocument')!];
  });
  const managed = texts(attached, 'PolicyArn').map(
    async (arn): Promise<[string, Policy]> => [arn, await managedPolicy(aws, arn)],
  );
  return new Map(await Promise.all([...own, ...managed]));
}

async function managedPolicy(aws: Aws, PolicyArn: string): Promise<Policy> {
  const [VersionId] = texts(await iam(aws, 'GetPolicy', { PolicyArn }), 'DefaultVersionId');
  return documentIn(await iam(aws, 'GetPolicyVersion', { PolicyArn, VersionId: VersionId! }), 'Document')!;
}

async function boundaryOf(aws: Aws, role: string): Promise<Policy | undefined> {
  const [arn] = texts(await iam(aws, 'GetRole', { RoleName: nameOfRole(role) }), 'PermissionsBoundaryArn');
  return arn === undefined ? undefined : managedPolicy(aws, arn);
}

/** That of a bucket, topic, queue, key, function, or the trust policy of a role; undefined where there is none. */
async function policyOfResource(aws: Aws, resource: string): Promise<Policy | undefined> {
  const [, , service, , , rest = ''] = resource.split(':');
  const read = readers[service!];
  return read?.(aws, resource, rest);
}

type Reader = (aws: Aws, arn: string, rest: string) => Promise<Policy | undefined>;

const readers: Readonly<Record<string, Reader>> = {
  async s3(aws, _arn, rest) {
    const Bucket = rest.split('/')[0]!;
    const found = new S3Client(aws.client).send(new GetBucketPolicyCommand({ Bucket }));
    return found.then(
      ({ Policy }) => parsed(Policy),
      (error: Error) => (error.name === 'NoSuchBucketPolicy' ? undefined : Promise.reject(error)),
    );
  },
  async sns(aws, TopicArn) {
    const { Attributes = {} } = await new SNSClient(aws.client).send(new GetTopicAttributesCommand({ TopicArn }));
    return parsed(Attributes.Policy);
  },
  async sqs(aws, arn) {
    const [, , , , account, name] = arn.split(':');
    const request = { QueueUrl: `${aws.client.endpoint}/${account}/${name}`, AttributeNames: ['Policy'] };
    const { Attributes = {} } = await askAws<{ Attributes?: Record<string, string> }>(
      aws,
      'sqs',
      'AmazonSQS.GetQueueAttributes',
      request,
    );
    return parsed(Attributes.Policy);
  },
  async kms(aws, KeyId) {
    const answer = await askAws<{ Policy: string }>(aws, 'kms', 'TrentService.GetKeyPolicy', {
      KeyId,
      PolicyName: 'default',
    });
    return parsed(answer.Policy);
  },
  async lambda(aws, FunctionName) {
    const found = new LambdaClient(aws.client).send(new GetPolicyCommand({ FunctionName }));
    return found.then(
      ({ Policy }) => parsed(Policy),
      (error: Error) => (error instanceof ResourceNotFoundException ? undefined : Promise.reject(error)),
    );
  },
  async iam(aws, role) {
    return documentIn(await iam(aws, 'GetRole', { RoleName: nameOfRole(role) }), 'AssumeRolePolicyDocument');
  },
};

const nameOfRole = (arn: string) => arn.replace(/^.*\//, '');

function texts(xml: string, tag: string): string[] {
  return [...xml.matchAll(new RegExp(`<${tag}>([^<]+)</${tag}>`, 'g'))].map(([, text]) => text!);
}

function documentIn(xml: string, tag: string): Policy | undefined {
  const [text] = texts(xml, tag);
  return text === undefined
    ? undefined
    : parsed(decodeURIComponent(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')));
}

/** Values of conditions as texts: a template may have a number or a truth value there. */
function parsed(text: string | undefined): Policy | undefined {
  if (text === undefined || text === '') return undefined;
  const { Statement } = JSON.parse(text, (_key, value) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
  );
  return { Statement: [Statement].flat() };
}
