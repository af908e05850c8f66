import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CloudNames } from '../../core/cloud/cloud-names.ts';
import type { LoginKind } from '../../core/cloud/logins.ts';
import type { Feed } from '../../core/feed/spec.ts';
import type { Messages } from './messages.ts';

/** Where functions and tasks run: subnets from which vendor, AWS and database can be reached. */
export interface PipelineNetwork {
  readonly vpc: IVpc;
  /** Private subnets with a way out, unless these are given. */
  readonly subnets?: SubnetSelection;
}

export interface PipelineLake {
  readonly bucket: Pick<IBucket, 'bucketName' | 'bucketArn'>;
}

/** Any secret of CDK. */
export interface PipelineSecret {
  readonly secretArn: string;
  /** With the six characters at its end; a secret that is known by its name has none. */
  readonly secretFullArn?: string | undefined;
}

/** The target PostgreSQL. Secrets are JSON with host, port, dbname, username and password. */
export interface PipelineDatabase {
  /** Used at deployment only: makes ledger, tables, and the logins of each feed. */
  readonly ownerSecret: PipelineSecret;
  /**
   * The login that all steps of all feeds had before, where there is one: each feed's deployment takes from it what the feed's own logins
   * do now. Its host, port, dbname and `sslmode` go before the owner's.
   */
  readonly loaderSecret?: PipelineSecret;
  /** The logins get new passwords that often. */
  readonly renewLoginsAfterDays?: number | undefined;
  /** Whoever is in this group reaches the database. */
  readonly clients: ISecurityGroup;
}

/** What all parts of one pipeline share. */
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
  /** Of feeds that may need Spark. */
  readonly glueJob: string | null;
  /** Database of the Glue Data Catalog, where the tables are to be shown. */
  readonly catalog: string | null;
}
