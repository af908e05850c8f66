import { Stack } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Process } from '../../core/workflow/process.ts';
import { loginsOf, type ProcessName, processes } from '../../core/workflow/processes.ts';
import type { PipelineContext, PipelineSecret } from './pipeline-context.ts';
import { lakeUse } from './wing-needs.ts';

/** Grants a role the keys of what its process reads and writes. */
export function grantKeys(role: IRole, name: ProcessName, context: PipelineContext): void {
  const { lake, keys } = context;
  const { vendor }: Process = processes[name];
  const { read, write, remove } = lakeUse(processes[name], context);
  const readsLake = read.length + write.length + remove.length > 0;
  const lakeKey = lake.bucket.encryptionKey;
  if (lakeKey && readsLake) grantKey(role, lakeKey, 's3', write.length > 0 ? 'write' : 'read');
  grantSecretKeys(role, name, context);
  for (const key of vendor ? (keys.vendor ?? []) : []) {
    grantKey(role, key, 'secretsmanager', 'read');
    grantKey(role, key, 's3', 'read');
  }
}

/** Lets a role use a key, but only for what it asks of that service. */
export function grantKey(role: IRole, key: IKey, service: 's3' | 'secretsmanager', use: 'read' | 'write'): void {
  const { region } = Stack.of(role);
  Grant.addToPrincipalOrResource({
    grantee: role,
    resource: key,
    resourceArns: [key.keyArn],
    // The parts of a large object are read again when it is put together, so who writes decrypts too.
    actions: use === 'read' ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
  });
}

function grantSecretKeys(role: IRole, name: ProcessName, { database, logins }: PipelineContext): void {
  for (const login of loginsOf(name)) {
    if (login === 'owner') {
      grantKeysOf([database.ownerSecret, database.loaderSecret], role, 'read');
      grantKeysOf(Object.values(logins), role, 'write');
    } else grantKeysOf([logins[login]], role, 'read');
  }
}

function grantKeysOf(secrets: readonly (PipelineSecret | undefined)[], role: IRole, use: 'read' | 'write'): void {
  const keys = new Set(secrets.flatMap((secret) => secret?.encryptionKey ?? []));
  for (const key of keys) grantKey(role, key, 'secretsmanager', use);
}
