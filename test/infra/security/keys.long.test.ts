import { describe, expect, test } from 'vitest';
import type { Process } from '../../../lib/core/workflow/process.ts';
import { type ProcessName, processes } from '../../../lib/core/workflow/processes.ts';
import { shared } from '../../../lib/core/workflow/step-processes.ts';
import type { Config } from '../../../lib/infra/config.ts';
import {
  appOf,
  bucketFeed,
  existingPlaces,
  resourcesOf,
  sparkFeed,
  type Template,
  templatesOf,
} from '../synthesised.ts';
import { allows, statementsByRole } from './policies.ts';

const PIPELINE = 'nightfeed-prod-Pipeline-catalog';
const arn = (name: string, account = '111122223333') =>
  `arn:aws:kms:eu-west-1:${account}:key/${name}234abcd-12ab-34cd-56ef-1234567890ab`;
const keys = {
  lake: arn('1'),
  secrets: arn('2'),
  messages: arn('3'),
  bootstrap: arn('4'),
  // A vendor of another account.
  vendor: [arn('5', '444455556666')],
};
const feed = { ...sparkFeed, source: bucketFeed.source };
const templates = templatesOf(appOf({ config: { keys }, feeds: [feed] }));

type Service = 's3' | 'secretsmanager';
/** Of this stage: where Spark may be needed, no process is shared. */
const names = (Object.keys(processes) as ProcessName[]).filter((name) => !(name in shared));
const named = (isOne: (process: Process) => boolean) => names.filter((name) => isOne(processes[name])).sort();
const reads = ({ read = [], write = [], remove = [] }: Process) => read.length + write.length + remove.length > 0;
const writes = ({ write = [] }: Process) => write.length > 0;

describe('a key of yours', () => {
  test.each<[string, string, Service, 'Decrypt' | 'GenerateDataKey', ProcessName[]]>([
    ['of the lake', keys.lake, 's3', 'Decrypt', named(reads)],
    // Who starts a Glue job writes its plan.
    ['of the lake', keys.lake, 's3', 'GenerateDataKey', named((each) => writes(each) || each.distributes === true)],
    ['of the logins', keys.secrets, 'secretsmanager', 'Decrypt', named(({ login }) => login !== null)],
    // It writes the logins of its feed.
    ['of the logins', keys.secrets, 'secretsmanager', 'GenerateDataKey', ['migrate']],
    ["of the vendor's secret", keys.vendor[0]!, 'secretsmanager', 'Decrypt', named(({ vendor }) => vendor === true)],
    ["of the vendor's bucket", keys.vendor[0]!, 's3', 'Decrypt', named(({ vendor }) => vendor === true)],
    ["of the vendor's secret", keys.vendor[0]!, 'secretsmanager', 'GenerateDataKey', []],
    ["of CDK's bucket", keys.bootstrap, 's3', 'Decrypt', ['deploy', 'glue-job']],
    ["of CDK's bucket", keys.bootstrap, 's3', 'GenerateDataKey', []],
  ])('%s %s: over %s each process may %s that needs it, and no other', (_of, key, service, action, expected) => {
    expect(expected).not.toEqual(names);
    expect(usersOf(templates, key, `kms:${action}`, service)).toEqual(expected);
  });

  test('is open to the container that pulls and compares, where there is one, as to both steps', () => {
    const others = templatesOf(appOf({ config: { keys }, feeds: [bucketFeed] }));
    for (const [key, service, use] of [
      [keys.lake, 's3', 'Decrypt'],
      [keys.lake, 's3', 'GenerateDataKey'],
      [keys.secrets, 'secretsmanager', 'Decrypt'],
      [keys.vendor[0]!, 'secretsmanager', 'Decrypt'],
      [keys.vendor[0]!, 's3', 'Decrypt'],
    ] as const)
      expect(usersOf(others, key, `kms:${use}`, service)).toEqual(expect.arrayContaining(['intake', 'pull']));
  });

  test('of the topics: those who tell', () => {
    const tellers = named(({ tells }) => tells === true);
    expect(usersOf(templates, keys.messages, 'kms:GenerateDataKey')).toEqual(tellers);
    expect(
      resourcesOf(templates[PIPELINE], 'AWS::SNS::Topic').map(({ Properties }) => Properties.KmsMasterKeyId),
    ).toEqual([keys.messages]);
    expect(resourcesOf(templates[PIPELINE], 'AWS::KMS::Key')).toEqual([]);
  });

  test('is used for nothing but what a service asks with it', () => {
    for (const key of [keys.lake, keys.secrets, keys.bootstrap, ...keys.vendor])
      expect(usersOf(templates, key, 'kms:Decrypt'), key).toEqual([]);
  });

  test('encrypts the lake and every secret', () => {
    const [bucket] = resourcesOf(templates['nightfeed-prod-Lake'], 'AWS::S3::Bucket');
    expect(bucket!.Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: keys.lake, SSEAlgorithm: 'aws:kms' } },
    ]);
    const secrets = Object.values(templates).flatMap((each) => resourcesOf(each, 'AWS::SecretsManager::Secret'));
    expect(secrets).toHaveLength(9);
    for (const { id, Properties } of secrets) expect(Properties.KmsKeyId, id).toBe(keys.secrets);
  });

  test("of the secret of a PostgreSQL of yours, in another account: the owner's processes alone", () => {
    const key = arn('6', '444455556666');
    const owner_secret = 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:shop/owner-Ab12Cd';
    const database = { existing: { ...existingPlaces.database!.existing!, owner_secret, owner_secret_key: key } };
    const others = templatesOf(appOf({ config: { ...existingPlaces, database } satisfies Partial<Config> }));
    expect(usersOf(others, key, 'kms:Decrypt', 'secretsmanager')).toEqual(['ledger', 'migrate']);
    expect(usersOf(others, owner_secret, 'secretsmanager:GetSecretValue')).toEqual(['ledger', 'migrate']);
  });

  test('is in no template of who names none', () => {
    const roles = Object.values(templatesOf(appOf())).flatMap(({ Resources }) => [
      ...statementsByRole(Resources).values(),
    ]);
    expect(JSON.stringify(roles)).not.toContain('kms:ViaService');
  });
});

/** Processes whose roles may do this with a key. */
function usersOf(all: Record<string, Template>, resource: string, action: string, service?: Service): string[] {
  const via = service && `${service}.eu-west-1.amazonaws.com`;
  const roles = Object.values(all).flatMap(({ Resources }) => [...statementsByRole(Resources)]);
  const users = roles.filter(([, statements]) => allows(statements, { action, resource, via }));
  return users.map(([role]) => processOf(role)).sort();
}

function processOf(role: string): string {
  if (/^PipelineSpark/.test(role)) return 'glue-job';
  // The functions of the stage that migrates the ledger.
  if (/^LedgermigrateProcessRole/.test(role)) return 'ledger';
  if (/^LedgerdeployProcessRole/.test(role)) return 'stage';
  const [, name] = /^Pipeline(?:Functions|Deployment|Tasks)(.+)ProcessRole[0-9A-F]{8}$/.exec(role) ?? [];
  // CloudFormation's ids have no hyphens.
  return Object.keys(processes).find((each) => each.replaceAll('-', '') === name) ?? role;
}
