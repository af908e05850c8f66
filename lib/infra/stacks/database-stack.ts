import { Annotations, type RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Feed } from '../../core/feed/spec.ts';
import { AuroraDatabase } from '../constructs/database/aurora-database.ts';
import { DailyBackup } from '../constructs/database/daily-backup.ts';
import { DatabaseAlarms } from '../constructs/database/database-alarms.ts';
import { ExistingDatabase } from '../constructs/database/existing-database.ts';
import { nightsOf } from '../constructs/database/nights.ts';
import { type Windows, windowsFor } from '../constructs/database/windows.ts';
import { Messages } from '../constructs/messages.ts';
import { openWaysOut } from '../constructs/network/ways-out.ts';
import type { PipelineDatabase, PipelineNetwork, PipelineSecret } from '../constructs/pipeline-context.ts';
import { RUNBOOK } from '../constructs/watch/runbook.ts';
import { type DatabaseConfig, DEFAULT_ACU } from '../database-config.ts';
import { dataRemoval } from '../destroy-data.ts';
import { importedKey } from '../imported-keys.ts';

interface DatabaseStackProps extends StackProps {
  readonly stage: string;
  readonly network: PipelineNetwork;
  readonly database: DatabaseConfig;
  readonly destroyData: boolean;
  /** ARN of the key that encrypts the secrets, instead of Secrets Manager's own. */
  readonly secretsKey: string | undefined;
  /** ARN of the key that encrypts the topic of alarms, instead of a key of ours. */
  readonly messagesKey: string | undefined;
  /** Feeds whose vendors may be reached, beside AWS and the database, and nothing else. Without it everything may be reached. */
  readonly waysOutFor?: readonly Feed[];
  /** Feeds whose nights backups and maintenance keep away from. */
  readonly feeds: readonly Feed[];
  /** E-mail addresses that alarms of the database go to. */
  readonly recipients: readonly string[];
  /** Alarms of the database go there, too. */
  readonly chatTopic: ITopic | undefined;
  readonly runbook: string | undefined;
}

/** The target PostgreSQL: an Aurora of ours, or one that exists. The deployment of each pipeline makes ledger, roles and tables in it. */
export class DatabaseStack extends Stack implements PipelineDatabase {
  readonly ownerSecret: PipelineSecret;
  readonly loaderSecret: PipelineSecret;
  readonly renewLoginsAfterDays: number | undefined;
  readonly clients: ISecurityGroup;

  constructor(scope: Construct, id: string, props: DatabaseStackProps) {
    super(scope, id, props);
    const { stage, network, database, waysOutFor } = props;
    this.clients = new SecurityGroup(this, 'Clients', {
      vpc: network.vpc,
      description: `nightfeed ${stage}: functions and tasks, which reach the database`,
      allowAllOutbound: waysOutFor === undefined,
    });
    if (waysOutFor) openWaysOut(this.clients, waysOutFor);
    const { clients } = this;
    const secretsKey = importedKey(this, 'SecretsKey', props.secretsKey);
    const removalPolicy = dataRemoval(this, stage, props.destroyData);
    const made = database.existing
      ? new ExistingDatabase(this, 'Existing', { ...database.existing, clients, secretsKey })
      : this.#aurora(props, secretsKey, removalPolicy);
    const { ownerSecret, loaderSecret } = made;
    // Alarms of a database that somebody else keeps are somebody else's.
    if (made instanceof AuroraDatabase) this.#watch(made.cluster, props);
    this.ownerSecret = ownerSecret;
    this.loaderSecret = loaderSecret;
    this.renewLoginsAfterDays = database.rotate_secrets_after_days;
  }

  #aurora(props: DatabaseStackProps, secretsKey: IKey | undefined, removalPolicy: RemovalPolicy): AuroraDatabase {
    const { stage, network, database } = props;
    const { backup, ...options } = database;
    const windows = this.#windows(props);
    const { clients } = this;
    const aurora = new AuroraDatabase(this, 'Aurora', {
      ...options,
      network,
      clients,
      secretsKey,
      windows,
      removalPolicy,
    });
    const { cluster } = aurora;
    if (backup) new DailyBackup(this, 'Backup', { stage, cluster, options: backup, removalPolicy });
    return aurora;
  }

  /** Those of the configuration, or those that disturb no night. Where there are none, it says whose night is disturbed. */
  #windows({ database: { backup_window, maintenance_window }, feeds }: DatabaseStackProps): Windows {
    const given = { backup: backup_window, maintenance: maintenance_window };
    const { windows, disturbed } = windowsFor(given, nightsOf(feeds, new Date()));
    if (disturbed.length > 0)
      Annotations.of(this).addWarningV2(
        'nightfeed:windows',
        `no two hours of the day are without a night: backups (${windows.backup} UTC) or maintenance (${windows.maintenance}) of the database meet ${disturbed.join(', ')}`,
      );
    return windows;
  }

  #watch(cluster: IDatabaseCluster, props: DatabaseStackProps): void {
    const { stage, database, recipients, messagesKey, chatTopic, runbook = RUNBOOK } = props;
    const { topics } = new Messages(this, 'Messages', {
      title: `nightfeed ${stage} database`,
      recipients,
      chat: false,
      chatTopic,
      topic: undefined,
      key: importedKey(this, 'MessagesKey', messagesKey),
    });
    const { min_acu: minAcu = DEFAULT_ACU.min, max_acu: maxAcu = DEFAULT_ACU.max } = database;
    const actions = topics.map((topic) => new SnsAction(topic));
    new DatabaseAlarms(this, 'Alarms', { stage, cluster, minAcu, maxAcu, actions, runbook });
  }
}
