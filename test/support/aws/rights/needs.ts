import { type Call, type Request, textIn } from './call.ts';
import type { Context } from './conditions.ts';

/** A right that a call needs. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
}

/** What a table of rights has to ask the emulator. */
export interface Things {
  readonly region: string;
  readonly account: string;
  /** By name or ARN. */
  secret(id: string): Promise<{
    readonly arn: string;
    readonly tags: Readonly<Record<string, string>>;
    /** ARN of the key that it is encrypted with, where that is not AWS's own. */
    readonly key?: string | undefined;
  }>;
  /** By ARN, `family:revision` or family. */
  taskDefinition(reference: string): Promise<{ readonly arn: string; readonly roles: readonly string[] }>;
  /** ARN of the key that a topic is encrypted with. */
  keyOfTopic(topic: string): Promise<string | undefined>;
}

type Rule = (request: Request, things: Things, call: Call) => Need[] | Promise<Need[]>;

/**
 * By operation the actions, resources and condition keys that the Service Authorization Reference names for it, with those of other
 * services that it needs too. https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
const rules: Readonly<Record<string, Rule>> = {
  's3.GetObject': readsObject,
  's3.HeadObject': readsObject,
  's3.PutObject': writesObject,
  's3.CreateMultipartUpload': writesObject,
  's3.UploadPart': writesObject,
  's3.CompleteMultipartUpload': writesObject,
  's3.UploadPartCopy': copiesObject,
  's3.CopyObject': copiesObject,
  's3.AbortMultipartUpload': (request) => [{ action: 's3:AbortMultipartUpload', resource: objectOf(request) }],
  's3.DeleteObject': (request) => [{ action: 's3:DeleteObject', resource: objectOf(request) }],
  's3.DeleteObjects': (request) =>
    ((request.Delete as Request).Objects as readonly Request[]).map((object) => ({
      action: 's3:DeleteObject',
      resource: `${bucketOf(request)}/${textIn(object, 'Key')}`,
    })),
  's3.ListObjectsV2': (request) => [
    {
      action: 's3:ListBucket',
      resource: bucketOf(request),
      context: { 's3:prefix': (request.Prefix as string) ?? '' },
    },
  ],
  's3.ListMultipartUploads': (request) => [{ action: 's3:ListBucketMultipartUploads', resource: bucketOf(request) }],

  'secretsmanager.GetSecretValue': (request, things) => secret('GetSecretValue', request, things),
  'secretsmanager.PutSecretValue': (request, things) => secret('PutSecretValue', request, things),

  'sns.Publish': async (request, { keyOfTopic }) => {
    const topic = textIn(request, 'TopicArn');
    const key = await keyOfTopic(topic);
    const encrypts = key ? ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, resource: key })) : [];
    return [{ action: 'sns:Publish', resource: topic }, ...encrypts];
  },
  'sqs.SendMessage': (request, things) => [
    { action: 'sqs:SendMessage', resource: arn(things, 'sqs', textIn(request, 'QueueUrl').replace(/^.*\//, '')) },
  ],

  'lambda.Invoke': (request, things) => [
    {
      action: 'lambda:InvokeFunction',
      resource: named(things, 'lambda', 'function:', textIn(request, 'FunctionName')),
    },
  ],

  'stepfunctions.StartExecution': (request) => [
    { action: 'states:StartExecution', resource: textIn(request, 'stateMachineArn') },
  ],
  'stepfunctions.DescribeExecution': (request) => [execution('DescribeExecution', request)],
  'stepfunctions.GetExecutionHistory': (request) => [execution('GetExecutionHistory', request)],

  'ecs.RunTask': async (request, things) => {
    const { arn: definition, roles } = await things.taskDefinition(textIn(request, 'taskDefinition'));
    const context = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    const cluster = textIn(request, 'cluster').replace(/^.*\//, '');
    const tagged = request.propagateTags
      ? [
          {
            action: 'ecs:TagResource',
            resource: arn(things, 'ecs', `task/${cluster}/new`),
            context: { 'ecs:CreateAction': 'RunTask' },
          },
        ]
      : [];
    return [
      ...tagged,
      { action: 'ecs:RunTask', resource: definition, context: { 'ecs:cluster': textIn(request, 'cluster') } },
      ...roles.map((resource) => ({ action: 'iam:PassRole', resource, context })),
    ];
  },
  'ecs.DescribeTasks': (request) =>
    (request.tasks as readonly string[]).map((resource) => ({ action: 'ecs:DescribeTasks', resource })),
  'ecs.StopTask': (request) => [{ action: 'ecs:StopTask', resource: textIn(request, 'task') }],

  'glue.StartJobRun': (request, things) => [job('StartJobRun', request, things)],
  'glue.GetJobRun': (request, things) => [job('GetJobRun', request, things)],
  'glue.GetJobRuns': (request, things) => [job('GetJobRuns', request, things)],
  'glue.GetTable': (request, things) => table('GetTable', textIn(request, 'Name'), request, things),
  'glue.CreateTable': (request, things) => table('CreateTable', tableIn(request), request, things),
  'glue.UpdateTable': (request, things) => table('UpdateTable', tableIn(request), request, things),

  // With the ARN of the stack: by its name it would be another resource.
  'cloudformation.DescribeStacks': (request) => [
    { action: 'cloudformation:DescribeStacks', resource: textIn(request, 'StackName') },
  ],

  'sts.AssumeRole': (request) => [{ action: 'sts:AssumeRole', resource: textIn(request, 'RoleArn') }],
  // Whoever has credentials may ask whose they are.
  'sts.GetCallerIdentity': () => [],
};

/** Throws for an operation that the table does not have: its rights would be unproved. */
export async function needsOf(call: Call, things: Things): Promise<Need[]> {
  const name = `${call.api}.${call.operation}`;
  const rule = rules[name];
  if (rule === undefined)
    throw new Error(
      `${JSON.stringify(call.principal)} called ${name}, of which no rights are known: add them to needs.ts`,
    );
  return await rule(call.request, things, call);
}

/**
 * Of an object that is absent, S3 says so only to those who may list the bucket; to others it says that access is denied. It compares the key
 * with `s3:prefix`, as Ceph does, whose developers looked at it: https://github.com/ceph/ceph/pull/68577
 */
function readsObject(request: Request, _things: Things, { status }: Call): Need[] {
  const context = { 's3:prefix': textIn(request, 'Key') };
  const absent = status === 404 ? [{ action: 's3:ListBucket', resource: bucketOf(request), context }] : [];
  return [{ action: 's3:GetObject', resource: objectOf(request) }, ...absent];
}

function writesObject(request: Request, _things?: Things, _call?: Call): Need[] {
  const tagged = request.Tagging ? [{ action: 's3:PutObjectTagging', resource: objectOf(request) }] : [];
  return [{ action: 's3:PutObject', resource: objectOf(request) }, ...tagged];
}

/** Spark renames an object by copying it. */
function copiesObject(request: Request): Need[] {
  const source = `arn:aws:s3:::${decodeURIComponent(textIn(request, 'CopySource')).replace(/^\//, '')}`;
  return [...writesObject(request), { action: 's3:GetObject', resource: source }];
}

const bucketOf = (request: Request) => `arn:aws:s3:::${textIn(request, 'Bucket')}`;
const objectOf = (request: Request) => `${bucketOf(request)}/${textIn(request, 'Key')}`;

async function secret(action: string, request: Request, things: Things): Promise<Need[]> {
  const { arn: resource, tags, key } = await things.secret(textIn(request, 'SecretId'));
  const context = Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]));
  const uses = key ? (action === 'GetSecretValue' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey']) : [];
  const through = { 'kms:ViaService': `secretsmanager.${things.region}.amazonaws.com` };
  return [
    { action: `secretsmanager:${action}`, resource, context },
    ...uses.map((use) => ({ action: use, resource: key!, context: through })),
  ];
}

function execution(action: string, request: Request): Need {
  return { action: `states:${action}`, resource: textIn(request, 'executionArn') };
}

function job(action: string, request: Request, things: Things): Need {
  return { action: `glue:${action}`, resource: named(things, 'glue', 'job/', textIn(request, 'JobName')) };
}

const tableIn = (request: Request) => textIn(request.TableInput as Request, 'Name');

/** The catalogue and the database of a table are asked too. */
function table(action: string, name: string, request: Request, things: Things): Need[] {
  const database = textIn(request, 'DatabaseName');
  const parts = ['catalog', `database/${database}`, `table/${database}/${name}`];
  return parts.map((part) => ({ action: `glue:${action}`, resource: arn(things, 'glue', part) }));
}

function named(things: Things, service: string, before: string, name: string): string {
  return name.startsWith('arn:') ? name : arn(things, service, `${before}${name}`);
}

function arn({ region, account }: Things, service: string, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}
