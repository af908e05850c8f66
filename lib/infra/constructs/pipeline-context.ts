import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CloudNames } from '../../core/cloud/cloud-names.ts';
import type { LoginKind } from '../../core/cloud/logins.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { Messages } from './messages.ts';

/** Where functions and tasks run. They have to reach vendor, AWS and database from there. */
export interface PipelineNetwork {
  /** The VPC. Glue jobs and the functions that answer CloudFormation run outside. */
  readonly vpc: IVpc;
  /** Default: private subnets with a way out. */
  readonly subnets?: SubnetSelection;
}

export interface PipelineLake {
  /** Its `encryptionKey`, where it has one, is granted to those who read or write. */
  readonly bucket: Pick<IBucket, 'bucketName' | 'bucketArn' | 'encryptionKey'>;
}

/** Any ECS cluster of CDK. */
export type PipelineCluster = Pick<ICluster, 'clusterName' | 'clusterArn'>;

/** Any secret of CDK. */
export interface PipelineSecret {
  /** The ARN, also without the six random characters at its end. */
  readonly secretArn: string;
  /** The ARN with its six random characters; absent for a secret that is known only by its name. */
  readonly secretFullArn?: string | undefined;
  /** The key that encrypts it, unless that is Secrets Manager's own. */
  readonly encryptionKey?: IKey | undefined;
}

/** Keys of KMS of yours. Functions and tasks are granted those that they need. The key of the lake is the bucket's `encryptionKey`. */
export interface PipelineKeys {
  /** Encrypts the secrets of the pipeline's logins. */
  readonly secrets?: IKey | undefined;
  /** Encrypts the pipeline's topics. If the stack only imports it, its policy has to let alarms use it; docs/security.md has the statement. */
  readonly messages?: IKey | undefined;
  /** Of the bucket into which `cdk deploy` uploads, if it was made with `cdk bootstrap --bootstrap-customer-key` or a key of yours. */
  readonly bootstrap?: IKey | undefined;
  /** Of the secrets and the bucket that the feed file names. */
  readonly vendor?: readonly IKey[] | undefined;
}

/** The target PostgreSQL. Secrets are JSON with host, port, dbname, username and password. */
export interface PipelineDatabase {
  /** The owner's login. Only deployments use it, to make ledger, tables and the logins of each feed. */
  readonly ownerSecret: PipelineSecret;
  /**
   * The login that all steps of all feeds used before, where there is one. Each feed's deployment takes its rights on the feed away. Its
   * host, port, dbname and `sslmode` take precedence over the owner's.
   */
  readonly loaderSecret?: PipelineSecret;
  /** How often the logins get new passwords. */
  readonly renewLoginsAfterDays?: number | undefined;
  /** Members of this security group can reach the database. */
  readonly clients: ISecurityGroup;
}

/** What all constructs of one pipeline share. */
export interface PipelineContext {
  readonly stage: string;
  readonly feed: Feed;
  /** Key of the feed document in the lake. */
  readonly feedKey: string;
  readonly names: CloudNames;
  readonly network: PipelineNetwork;
  readonly lake: PipelineLake;
  readonly database: PipelineDatabase;
  readonly logins: Readonly<Record<LoginKind, PipelineSecret>>;
  readonly messages: Messages;
  /** Roles whose sessions are named after their people. */
  readonly peopleRoles: readonly string[];
  readonly keys: PipelineKeys;
  /** Of functions and tasks, if it is not to be their own. */
  readonly logGroup: ILogGroup | undefined;
  /** Only for feeds that may need Spark. */
  readonly glueJob: string | null;
  /** Database of the Glue Data Catalog in which the tables are shown, if they are. */
  readonly catalog: string | null;
}
