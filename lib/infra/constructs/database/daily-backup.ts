import { Aws, Duration, Fn, type RemovalPolicy } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { BackupConfig } from '../../recovery-config.ts';
import { acknowledge } from '../acknowledge.ts';

interface DailyBackupProps {
  readonly stage: string;
  readonly cluster: IDatabaseCluster;
  readonly options: BackupConfig;
  readonly removalPolicy: RemovalPolicy;
}

/** At noon of UTC, when most vendors have delivered and most nights are over. A backup neither stops nor slows a night. */
const NOON = Schedule.cron({ hour: '12', minute: '0' });

/** A backup of each day in a vault of AWS Backup, which outlives the cluster. */
export class DailyBackup extends Construct {
  constructor(scope: Construct, id: string, { stage, cluster, options, removalPolicy }: DailyBackupProps) {
    super(scope, id);
    const { keep_days, copy_to } = options;
    const deleteAfter = Duration.days(keep_days);
    // A vault with backups stays, so the next stack needs another name: part of each stack's id is new.
    const instance = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
    const vault = new BackupVault(this, 'Vault', { backupVaultName: `nightfeed-${stage}${instance}`, removalPolicy });
    const plan = new BackupPlan(this, 'Plan', { backupVault: vault });
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'daily',
        scheduleExpression: NOON,
        deleteAfter,
        ...(copy_to
          ? {
              copyActions: [
                { destinationBackupVault: BackupVault.fromBackupVaultArn(this, 'Copy', copy_to), deleteAfter },
              ],
            }
          : {}),
      }),
    );
    const selection = plan.addSelection('Cluster', { resources: [BackupResource.fromArn(cluster.clusterArn)] });
    acknowledge(
      this,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]',
      'AWS extends it when Backup needs another right.',
    );
    selection.node.addDependency(cluster);
  }
}
