import { describe, expect, test } from 'vitest';
import type { Config } from '../../../lib/infra/config.ts';
import { appOf, copies, resourcesOf, templatesOf } from '../synthesised.ts';

const stage = (config: Partial<Config> = {}) => templatesOf(appOf({ config, feeds: [] }));
const bucketOf = (config: Partial<Config> = {}) =>
  resourcesOf(stage(config)['nightfeed-prod-Lake'], 'AWS::S3::Bucket')[0]!.Properties;

describe('the lake', () => {
  const rules = (config: Partial<Config> = {}): Record<string, unknown>[] =>
    bucketOf(config).LifecycleConfiguration.Rules;

  test('keeps what was removed for 30 days, and rows that somebody looked at for one more day only', () => {
    expect(bucketOf().VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(rules().find(({ Id }) => Id === 'removed')).toMatchObject({
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    });
    for (const zone of ['errands', 'answers'])
      expect(rules().find(({ Id }) => Id === zone)).toMatchObject({
        Prefix: `${zone}/`,
        ExpirationInDays: 7,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      });
  });

  test('keeps nothing with keep_removed_days: 0', () => {
    const off = { lake: { keep_removed_days: 0 } };
    expect(bucketOf(off).VersioningConfiguration).toBeUndefined();
    expect(JSON.stringify(rules(off))).not.toContain('Noncurrent');
  });

  test('is copied into a bucket, without removals, only where one is named', () => {
    expect(bucketOf().ReplicationConfiguration).toBeUndefined();
    expect(bucketOf(copies).ReplicationConfiguration.Rules).toMatchObject([
      { Status: 'Enabled', DeleteMarkerReplication: { Status: 'Disabled' }, Filter: { Prefix: '' } },
    ]);
    expect(JSON.stringify(bucketOf(copies).ReplicationConfiguration)).toContain(':s3:::lake-copy');
  });
});

describe('AWS Backup', () => {
  test('backs the cluster up every day, into a vault that stays and whose name no later stack has', () => {
    const database = stage(copies)['nightfeed-prod-Database'];
    const [cluster] = resourcesOf(database, 'AWS::RDS::DBCluster');
    const [plan] = resourcesOf(database, 'AWS::Backup::BackupPlan');
    expect(plan!.Properties.BackupPlan.BackupPlanRule).toMatchObject([
      {
        Lifecycle: { DeleteAfterDays: 35 },
        CopyActions: [{ DestinationBackupVaultArn: expect.stringMatching(/:backup-vault:copy$/) }],
      },
    ]);
    const [vault] = resourcesOf(database, 'AWS::Backup::BackupVault');
    expect(vault!.DeletionPolicy).toBe('Retain');
    expect(JSON.stringify(vault!.Properties.BackupVaultName)).toContain('AWS::StackId');
    const [selection] = resourcesOf(database, 'AWS::Backup::BackupSelection');
    expect(JSON.stringify(selection!.Properties.BackupSelection.Resources)).toContain(`{"Ref":"${cluster!.id}"}`);
  });

  test('is not there unless it is asked for', () => {
    const types = Object.values(stage()['nightfeed-prod-Database']!.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::Backup'))).toEqual([]);
  });
});
