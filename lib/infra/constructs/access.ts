import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { LoginKind } from '../../core/cloud/logins.ts';
import type { Zone } from '../../core/run/keys.ts';
import { cloudNeedsOf, secretsOf } from '../cloud-needs.ts';
import type { FunctionName, ProcessName } from '../code.ts';
import { LOGIN_TAG } from './logins.ts';
import type { PipelineContext, PipelineSecret } from './pipeline-context.ts';

interface Access {
  /** Zones of the lake, of this feed only. */
  readonly read?: readonly Zone[];
  /** Who writes may read as well: an answer that was lost is made good by a look at what is there. */
  readonly write?: readonly Zone[];
  readonly remove?: readonly Zone[];
  /** At the database. The owner makes the others. */
  readonly login?: LoginKind | 'owner';
  /** The secrets that the source names, and what its kind asks for. */
  readonly vendor?: boolean;
  /** Relays messages from the ledger's outbox. */
  readonly tells?: boolean;
  /** Starts the Glue job, where there is one, with a plan among the changes, and asks how it is. */
  readonly distributes?: boolean;
  /** Shows the tables of the lake in the Glue Data Catalog, where there is a database for them. */
  readonly shows?: boolean;
}

/** Least privilege: what each process needs, and nothing else. */
export const access: Readonly<Record<FunctionName | ProcessName | 'glue-job', Access>> = {
  claim: { read: ['errands'], write: ['feeds'], login: 'control', tells: true },
  look: { read: ['feeds', 'receipts'], login: 'fetch', vendor: true },
  arrive: { read: ['feeds'], write: ['receipts'], login: 'fetch', vendor: true },
  pull: { read: ['feeds'], write: ['landing', 'receipts'], login: 'fetch', vendor: true },
  diff: { read: ['feeds', 'landing'], write: ['changes', 'snapshots', 'receipts'], login: 'compare' },
  'diff-glue': {
    read: ['feeds', 'landing'],
    write: ['changes', 'snapshots', 'receipts'],
    login: 'compare',
    distributes: true,
  },
  // Spark writes to a temporary place first, and removes it.
  'glue-job': { read: ['landing', 'snapshots'], write: ['changes'], remove: ['changes'] },
  guard: { read: ['feeds', 'receipts'], login: 'control', tells: true },
  publish: { read: ['feeds', 'receipts', 'changes', 'snapshots'], login: 'publish' },
  notify: { read: ['feeds'], login: 'notify', tells: true },
  tidy: {
    read: ['feeds', 'receipts'],
    write: ['current'],
    remove: ['landing', 'changes', 'snapshots', 'current'],
    login: 'compare',
    distributes: true,
    shows: true,
  },
  plan: {
    read: ['feeds'],
    write: ['landing', 'changes', 'snapshots', 'receipts'],
    login: 'compare',
    vendor: true,
    distributes: true,
  },
  outcome: { login: 'control' },
  stop: { login: 'control', tells: true },
  // It alone writes who asked for a job.
  operator: { read: ['receipts', 'answers'], write: ['errands'], login: 'decide', tells: true },
  show: { read: ['errands', 'receipts', 'changes', 'landing'], write: ['answers'], login: 'compare' },
  release: {
    read: ['errands', 'landing'],
    write: ['answers', 'feeds', 'receipts', 'changes', 'snapshots', 'current'],
    remove: ['landing', 'changes', 'snapshots', 'current'],
    login: 'publish',
    tells: true,
    distributes: true,
    shows: true,
  },
  migrate: { read: ['feeds'], login: 'owner' },
  deploy: { write: ['feeds'] },
};

/** The same as statements of a role's policy. */
export function statementsFor(name: keyof typeof access, context: PipelineContext): PolicyStatement[] {
  const allowed = access[name];
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

function lakeStatements({ read = [], write = [], remove = [] }: Access, { lake: { bucket }, feed }: PipelineContext) {
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
  { login, vendor }: Access,
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
