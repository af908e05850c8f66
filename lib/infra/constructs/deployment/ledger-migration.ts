import { CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { StageProperties } from '../../../core/cloud/deployment-events.ts';
import { environmentNames } from '../../../core/cloud/environment-names.ts';
import { processes } from '../../../core/workflow/processes.ts';
import { ownerSecretStatement } from '../access.ts';
import { bundledFunction } from '../bundled-function.ts';
import { grantKey } from '../key-grants.ts';
import { ownLogGroup } from '../own-log-group.ts';
import type { PipelineDatabase, PipelineNetwork } from '../pipeline-context.ts';
import { seesItsStack } from './sees-its-stack.ts';

interface LedgerMigrationProps {
  /** Part of every name, so that several stages fit into one account. */
  readonly stage: string;
  /** Where the function runs that migrates. */
  readonly network: PipelineNetwork;
  /** The PostgreSQL whose ledger it is. */
  readonly database: PipelineDatabase;
  /**
   * Where the functions write their logs.
   * @default - a log group for each
   */
  readonly logGroup?: ILogGroup | undefined;
}

/**
 * Brings the ledger of a database up to date at each deployment of another version, once for all feeds. Pipelines that share a database
 * share it. It never takes a migration back: versions that know fewer migrations go on beside it, or stop by themselves.
 */
export class LedgerMigration extends Construct {
  constructor(scope: Construct, id: string, props: LedgerMigrationProps) {
    super(scope, id);
    const { stage, network, database } = props;
    const owner = `nightfeed ${stage}`;
    const part = (name: string) => {
      const inner = new Construct(this, name);
      return { inner, logGroup: props.logGroup ?? ownLogGroup(inner) };
    };
    const migrating = part('migrate');
    const migrate = bundledFunction(migrating.inner, 'ledger', {
      owner,
      statements: [ownerSecretStatement(database)],
      environment: { [environmentNames.databaseSecret]: database.ownerSecret.secretArn },
      logGroup: migrating.logGroup,
      inside: { network, database },
    });
    const { encryptionKey } = database.ownerSecret;
    if (encryptionKey) grantKey(migrate.role!, encryptionKey, 'secretsmanager', 'read');
    const answering = part('deploy');
    // Outside the VPC, because it must be able to answer CloudFormation even when the VPC has no way out.
    const deploy = bundledFunction(answering.inner, 'stage', {
      owner,
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [migrate.functionArn] }),
        seesItsStack(this),
      ],
      environment: {},
      logGroup: answering.logGroup,
    });
    const resource = new CustomResource(this, 'Ledger', {
      resourceType: 'Custom::NightfeedLedger',
      serviceToken: deploy.functionArn,
      serviceTimeout: Duration.seconds(processes.stage.seconds + 60),
      properties: {
        ledger: migrate.functionName,
        // A new bundle may have new migrations, so it has to run again.
        code: (migrate.node.findChild('Code') as Asset).assetHash,
      } satisfies StageProperties & { code: string },
    });
    resource.node.addDependency(deploy, migrate);
  }
}
