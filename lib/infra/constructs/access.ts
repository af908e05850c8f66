import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Zone } from '../../core/run/keys.ts';
import type { Process } from '../../core/workflow/process.ts';
import { type ProcessName, processes } from '../../core/workflow/processes.ts';
import { cloudNeedsOf, secretsOf } from '../cloud-needs.ts';
import { LOGIN_TAG } from './logins.ts';
import type { PipelineContext, PipelineSecret } from './pipeline-context.ts';

/** What a process may do, as statements of its role's policy. Least privilege: lib/core/workflow/processes.ts lists all of it. */
export function statementsFor(name: ProcessName, context: PipelineContext): PolicyStatement[] {
  const allowed: Process = processes[name];
  const job = allowed.distributes ? context.glueJob : null;
  const planned: readonly Zone[] = job === null ? [] : ['changes'];
  return [
    ...lakeStatements({ ...allowed, write: [...new Set([...(allowed.write ?? []), ...planned])] }, context),
    ...secretStatements(allowed, context),
    ...(allowed.vendor ? vendorStatements(context) : []),
    ...(allowed.tells ? context.messages.publishStatements() : []),
    ...(job === null ? [] : [jobStatement(job, context)]),
    ...(allowed.shows && context.catalog !== null ? [catalogStatement(context.catalog, context)] : []),
  ];
}

function jobStatement(job: string, { messages }: PipelineContext): PolicyStatement {
  return new PolicyStatement({
    actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns'],
    resources: [Stack.of(messages).formatArn({ service: 'glue', resource: 'job', resourceName: job })],
  });
}

/** Of its tables those that the feed file names. */
function catalogStatement(catalog: string, { messages, feed }: PipelineContext): PolicyStatement {
  const stack = Stack.of(messages);
  const tables = Object.keys(feed.tables).map((table) =>
    stack.formatArn({ service: 'glue', resource: 'table', resourceName: `${catalog}/${table}` }),
  );
  return new PolicyStatement({
    actions: ['glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
    resources: [
      stack.formatArn({ service: 'glue', resource: 'catalog' }),
      stack.formatArn({ service: 'glue', resource: 'database', resourceName: catalog }),
      ...tables,
    ],
  });
}

function lakeStatements({ read = [], write = [], remove = [] }: Process, { lake: { bucket }, feed }: PipelineContext) {
  const objects = (zones: readonly Zone[]) => zones.map((zone) => bucket.arnForObjects(`${zone}/${feed.feed}/*`));
  const statement = (actions: string[], zones: readonly Zone[]) =>
    zones.length > 0 ? [new PolicyStatement({ actions, resources: objects(zones) })] : [];
  const readable = [...new Set([...read, ...write, ...remove])];
  return [
    ...statement(['s3:GetObject'], readable),
    ...statement(['s3:PutObject', 's3:AbortMultipartUpload'], write),
    ...statement(['s3:DeleteObject'], remove),
    ...(readable.length > 0
      ? [
          new PolicyStatement({
            actions: ['s3:ListBucket'],
            resources: [bucket.bucketArn],
            // IfExists: S3 says "not found" instead of "denied" only to who may list, and a GetObject has no prefix.
            conditions: { StringLikeIfExists: { 's3:prefix': readable.map((zone) => `${zone}/${feed.feed}/*`) } },
          }),
        ]
      : []),
  ];
}

function secretStatements(
  { login, vendor }: Process,
  { database, logins, feed, messages }: PipelineContext,
): PolicyStatement[] {
  const all = Object.values(logins).map(arnPattern);
  const { ownerSecret, loaderSecret } = database;
  const own = [ownerSecret, ...(loaderSecret ? [loaderSecret] : [])].map(arnPattern);
  const vendors = vendor ? secretsOf(feed).map((name) => arnOf(name, Stack.of(messages))) : [];
  const atDatabase = login === 'owner' ? [...own, ...all] : login ? [arnPattern(logins[login])] : [];
  const statement = (action: string, resources: string[], conditions: Record<string, object> = {}) =>
    resources.length > 0 ? [new PolicyStatement({ actions: [`secretsmanager:${action}`], resources, conditions })] : [];
  return [
    ...statement('GetSecretValue', atDatabase),
    // Whatever a feed file names: a login, also one of another pipeline's, is no secret of a vendor's.
    ...statement('GetSecretValue', vendors, { Null: { [`aws:ResourceTag/${LOGIN_TAG}`]: 'true' } }),
    ...(login === 'owner' ? statement('PutSecretValue', all) : []),
  ];
}

function vendorStatements({ feed, messages }: PipelineContext): PolicyStatement[] {
  const { partition } = Stack.of(messages);
  return (cloudNeedsOf(feed).rights ?? []).map(
    ({ actions, resource, conditions = {} }) =>
      new PolicyStatement({ actions: [...actions], resources: [`arn:${partition}:${resource}`], conditions }),
  );
}

/** Secrets Manager ends every ARN with a dash and six characters that nobody knows beforehand. */
const SUFFIX = '-??????';

function arnPattern(secret: PipelineSecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}${SUFFIX}`;
}

function arnOf(name: string, stack: Stack): string {
  if (name.startsWith('arn:')) return name;
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}${SUFFIX}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
