import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CloudRight } from '../../core/cloud/process-needs.ts';
import type { Process } from '../../core/workflow/process.ts';
import { loginsOf, type ProcessName, processes } from '../../core/workflow/processes.ts';
import { cloudNeedsOf, secretsOf } from '../cloud-needs.ts';
import { LOGIN_TAG } from './database/logins.ts';
import type { PipelineContext, PipelineDatabase, PipelineSecret } from './pipeline-context.ts';
import { jobNeedsOf, lakeNeedsOf, messageNeedsOf } from './wing-needs.ts';

/** Statements for the policy of a process's role. The process gets no more rights than lib/core/workflow/processes.ts lists. */
export function statementsFor(name: ProcessName, context: PipelineContext): PolicyStatement[] {
  const allowed: Process = processes[name];
  const vendor = allowed.vendor ? (cloudNeedsOf(context.feed).rights ?? []) : [];
  const statements = (rights: readonly CloudRight[]) => rights.map((right) => statementOf(right, context));
  return [
    ...statements(lakeNeedsOf(name, context).rights),
    ...secretStatements(name, context),
    ...statements(vendor),
    ...statements(messageNeedsOf(name, context).rights),
    ...statements(jobNeedsOf(name, context).rights),
    ...(allowed.shows && context.catalog !== null ? [catalogStatement(context.catalog, context)] : []),
  ];
}

/** Rights on the catalogue's tables that the feed file names. */
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

function secretStatements(name: ProcessName, { database, logins, feed, messages }: PipelineContext): PolicyStatement[] {
  const { login, vendor }: Process = processes[name];
  const all = Object.values(logins).map(arnPattern);
  const { ownerSecret, loaderSecret } = database;
  const own = [ownerSecret, ...(loaderSecret ? [loaderSecret] : [])].map(arnPattern);
  const vendors = vendor ? secretsOf(feed).map((name) => arnOf(name, Stack.of(messages))) : [];
  const atDatabase = loginsOf(name).flatMap((kind) =>
    kind === 'owner' ? [...own, ...all] : [arnPattern(logins[kind])],
  );
  const statement = (action: string, resources: string[], conditions: Record<string, object> = {}) =>
    resources.length > 0 ? [new PolicyStatement({ actions: [`secretsmanager:${action}`], resources, conditions })] : [];
  return [
    ...statement('GetSecretValue', atDatabase),
    // A login of the database, also of another pipeline, is never read as a vendor's secret, whatever the feed file names.
    ...statement('GetSecretValue', vendors, { Null: { [`aws:ResourceTag/${LOGIN_TAG}`]: 'true' } }),
    ...(login === 'owner' ? statement('PutSecretValue', all) : []),
  ];
}

/** To log in as the owner of the database. */
export function ownerSecretStatement({ ownerSecret }: PipelineDatabase): PolicyStatement {
  return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arnPattern(ownerSecret)] });
}

function statementOf({ actions, resources, conditions = {} }: CloudRight, { messages }: PipelineContext) {
  const { partition } = Stack.of(messages);
  const isWhole = (arn: string) => Token.isUnresolved(arn) || arn.startsWith('arn:');
  return new PolicyStatement({
    actions: [...actions],
    resources: resources.map((arn) => (isWhole(arn) ? arn : `arn:${partition}:${arn}`)),
    conditions,
  });
}

/** Secrets Manager adds a dash and six random characters to the end of every ARN. */
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
