import { Stack, type StackProps } from 'aws-cdk-lib';
import { type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Feed } from '../../core/feed/spec.ts';
import { AuroraDatabase, type AuroraDatabaseProps } from '../constructs/database/aurora-database.ts';
import { DailyBackup } from '../constructs/database/daily-backup.ts';
import { ExistingDatabase } from '../constructs/database/existing-database.ts';
import { openWaysOut } from '../constructs/network/ways-out.ts';
import type { PipelineDatabase, PipelineNetwork, PipelineSecret } from '../constructs/pipeline-context.ts';
import type { DatabaseConfig } from '../database-config.ts';
import { dataRemoval } from '../destroy-data.ts';
import { importedKey } from '../imported-keys.ts';

interface DatabaseStackProps extends StackProps {
  readonly stage: string;
  readonly network: PipelineNetwork;
  readonly database: DatabaseConfig;
  readonly destroyData: boolean;
  /** ARN of the key that encrypts the secrets, instead of Secrets Manager's own. */
  readonly secretsKey: string | undefined;
  /** Feeds whose vendors may be reached, beside AWS and the database, and nothing else. Without it everything may be reached. */
  readonly waysOutFor?: readonly Feed[];
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
    const { ownerSecret, loaderSecret } = database.existing
      ? new ExistingDatabase(this, 'Existing', { ...database.existing, clients, secretsKey })
      : this.#aurora(stage, { ...database, network, clients, secretsKey, removalPolicy });
    this.ownerSecret = ownerSecret;
    this.loaderSecret = loaderSecret;
    this.renewLoginsAfterDays = database.rotate_secrets_after_days;
  }
  #aurora(stage: string, { backup, ...props }: AuroraDatabaseProps & Pick<DatabaseConfig, 'backup'>): AuroraDatabase {
    const aurora = new AuroraDatabase(this, 'Aurora', props);
    const { cluster } = aurora;
    if (backup)
      new DailyBackup(this, 'Backup', { stage, cluster, options: backup, removalPolicy: props.removalPolicy });
    return aurora;
  }
}
