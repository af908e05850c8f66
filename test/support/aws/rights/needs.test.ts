import { expect, test } from 'vitest';
import type { Call, Request } from './call.ts';
import { needsOf, type Things } from './needs.ts';

const things: Things = {
  region: 'eu-west-1',
  account: '111122223333',
  secret: async (id) => ({
    arn: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${id}-a1b2c3`,
    tags: { 'nightfeed:login': 'control' },
    key: id.startsWith('locked') ? 'key' : undefined,
  }),
  taskDefinition: async (name) => ({
    arn: `arn:aws:ecs:eu-west-1:111122223333:task-definition/${name}`,
    roles: ['role-of-task', 'role-of-agent'],
  }),
  keyOfTopic: async (topic) => (topic.endsWith('plain') ? undefined : 'key'),
};

async function asks(name: string, request: Request, status = 200): Promise<string[]> {
  const [api = '', operation = ''] = name.split('.');
  const call: Call = { principal: { role: 'r' }, api, operation, request, status };
  const needs = await needsOf(call, things);
  return needs.map(({ action, resource, context }) =>
    [action, resource, ...(context ? [JSON.stringify(context)] : [])].join(' '),
  );
}

const object = { Bucket: 'lake', Key: 'landing/a' };

test.each<[string, Request, number, string[]]>([
  ['s3.GetObject', object, 200, ['s3:GetObject arn:aws:s3:::lake/landing/a']],
  [
    's3.GetObject',
    object,
    404,
    ['s3:GetObject arn:aws:s3:::lake/landing/a', 's3:ListBucket arn:aws:s3:::lake {"s3:prefix":"landing/a"}'],
  ],
  ['s3.UploadPart', object, 200, ['s3:PutObject arn:aws:s3:::lake/landing/a']],
  [
    's3.PutObject',
    { ...object, Tagging: 'a=b' },
    200,
    ['s3:PutObject arn:aws:s3:::lake/landing/a', 's3:PutObjectTagging arn:aws:s3:::lake/landing/a'],
  ],
  [
    's3.UploadPartCopy',
    { ...object, CopySource: 'lake/changes/b%20c' },
    200,
    ['s3:PutObject arn:aws:s3:::lake/landing/a', 's3:GetObject arn:aws:s3:::lake/changes/b c'],
  ],
  [
    's3.ListObjectsV2',
    { Bucket: 'lake', Prefix: 'landing/' },
    200,
    ['s3:ListBucket arn:aws:s3:::lake {"s3:prefix":"landing/"}'],
  ],
  [
    's3.DeleteObjects',
    { Bucket: 'lake', Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } },
    200,
    ['s3:DeleteObject arn:aws:s3:::lake/a', 's3:DeleteObject arn:aws:s3:::lake/b'],
  ],
  [
    'secretsmanager.GetSecretValue',
    { SecretId: 's' },
    200,
    [
      'secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-a1b2c3 {"aws:ResourceTag/nightfeed:login":"control"}',
    ],
  ],
  [
    'secretsmanager.PutSecretValue',
    { SecretId: 'locked' },
    200,
    [
      'secretsmanager:PutSecretValue arn:aws:secretsmanager:eu-west-1:111122223333:secret:locked-a1b2c3 {"aws:ResourceTag/nightfeed:login":"control"}',
      'kms:Decrypt key {"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"}',
      'kms:GenerateDataKey key {"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"}',
    ],
  ],
  ['sns.Publish', { TopicArn: 'plain' }, 200, ['sns:Publish plain']],
  ['sns.Publish', { TopicArn: 'topic' }, 200, ['sns:Publish topic', 'kms:GenerateDataKey key', 'kms:Decrypt key']],
  [
    'lambda.Invoke',
    { FunctionName: 'stop' },
    200,
    ['lambda:InvokeFunction arn:aws:lambda:eu-west-1:111122223333:function:stop'],
  ],
  [
    'ecs.RunTask',
    { cluster: 'c', taskDefinition: 'pull:1' },
    200,
    [
      'ecs:RunTask arn:aws:ecs:eu-west-1:111122223333:task-definition/pull:1 {"ecs:cluster":"c"}',
      'iam:PassRole role-of-task {"iam:PassedToService":"ecs-tasks.amazonaws.com"}',
      'iam:PassRole role-of-agent {"iam:PassedToService":"ecs-tasks.amazonaws.com"}',
    ],
  ],
  ['glue.StartJobRun', { JobName: 'j' }, 200, ['glue:StartJobRun arn:aws:glue:eu-west-1:111122223333:job/j']],
  [
    'glue.UpdateTable',
    { DatabaseName: 'd', TableInput: { Name: 't' } },
    200,
    ['catalog', 'database/d', 'table/d/t'].map(
      (part) => `glue:UpdateTable arn:aws:glue:eu-west-1:111122223333:${part}`,
    ),
  ],
  ['sts.GetCallerIdentity', {}, 200, []],
])('%s of %j, answered with %i', async (name, request, status, expected) => {
  expect(await asks(name, request, status)).toEqual(expected);
});

test('an operation without known rights is refused, and says who called it', async () => {
  await expect(asks('s3.PutObjectAcl', object)).rejects.toThrow(/role.*s3\.PutObjectAcl.*needs\.ts/);
});

test('a call whose record lacks what it is about is refused', async () => {
  await expect(asks('s3.GetObject', { Bucket: 'lake' })).rejects.toThrow(/lacks Key/);
});
