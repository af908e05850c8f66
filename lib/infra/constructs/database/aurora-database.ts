import { CfnResource, Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { type ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  AuroraPostgresEngineVersion,
  CaCertificate,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseSecret,
  type IDatabaseCluster,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct, type IConstruct } from 'constructs';
import { DEFAULT_ACU, MIN_ACU_OF_INSIGHTS } from '../../database-config.ts';
import { acknowledge } from '../acknowledge.ts';
import type { PipelineNetwork, PipelineSecret } from '../pipeline-context.ts';
import { EXPORTED_LOG, keepDatabaseLog, logParameters } from './database-log.ts';
import { LOGIN_TAG } from './logins.ts';
import type { Windows } from './windows.ts';

interface AuroraDatabaseProps {
  readonly network: PipelineNetwork;
  readonly clients: ISecurityGroup;
  readonly min_acu?: number | undefined;
  readonly max_acu?: number | undefined;
  readonly rotate_secrets_after_days?: number | undefined;
  readonly secretsKey: IKey | undefined;
  readonly reader?: boolean | undefined;
  readonly performance_insights?: boolean | undefined;
  readonly windows: Windows;
  readonly removalPolicy: RemovalPolicy;
}

const PORT = 5432;

/** Aurora Serverless v2 with PostgreSQL 17: a writer, a reader on demand, encrypted, two weeks of backups. */
export class AuroraDatabase extends Construct {
  readonly ownerSecret: PipelineSecret;
  readonly loaderSecret: PipelineSecret;
  readonly cluster: IDatabaseCluster;

  constructor(scope: Construct, id: string, props: AuroraDatabaseProps) {
    super(scope, id);
    const { network, clients, removalPolicy, rotate_secrets_after_days: days, secretsKey, windows } = props;
    const { min_acu: minAcu = DEFAULT_ACU.min, max_acu: maxAcu = DEFAULT_ACU.max } = props;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'PostgreSQL of nightfeed',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(clients, Port.tcp(PORT), 'functions and tasks of nightfeed');
    if (!clients.allowAllOutbound) clients.addEgressRule(securityGroup, Port.tcp(PORT), 'the database');
    const encrypted = secretsKey ? { encryptionKey: secretsKey } : {};
    const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_7 });
    const parameterGroup = new ParameterGroup(this, 'Parameters', {
      engine,
      description: 'PostgreSQL of nightfeed',
      parameters: { 'rds.force_ssl': '1', ...logParameters },
    });
    const instance = {
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      enablePerformanceInsights: props.performance_insights ?? minAcu >= MIN_ACU_OF_INSIGHTS,
      preferredMaintenanceWindow: windows.maintenance,
    };
    const cluster = new DatabaseCluster(this, 'Cluster', {
      engine,
      credentials: Credentials.fromGeneratedSecret('nightfeed_owner', encrypted),
      defaultDatabaseName: 'nightfeed',
      port: PORT,
      vpc: network.vpc,
      vpcSubnets: network.subnets ?? {},
      securityGroups: [securityGroup],
      writer: ClusterInstance.serverlessV2('Writer', instance),
      // It takes over when the writer fails, so it is as large as the writer.
      ...(props.reader
        ? { readers: [ClusterInstance.serverlessV2('Reader', { ...instance, scaleWithWriter: true })] }
        : {}),
      serverlessV2MinCapacity: minAcu,
      serverlessV2MaxCapacity: maxAcu,
      cloudwatchLogsExports: [EXPORTED_LOG],
      parameterGroup,
      storageEncrypted: true,
      iamAuthentication: true,
      backup: { retention: Duration.days(14), preferredWindow: windows.backup },
      preferredMaintenanceWindow: windows.maintenance,
      copyTagsToSnapshot: true,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    this.cluster = cluster;
    keepDatabaseLog(this, cluster);
    const owner = cluster.secret!;
    // Only pipelines that were not deployed since still log in with it. They import it, so it has to stay.
    const loader = new DatabaseSecret(this, 'LoaderSecret', {
      username: 'nightfeed_loader',
      dbname: 'nightfeed',
      ...encrypted,
    });
    acknowledge(loader, 'SMG4', 'Its role has no rights from the next deployment of each pipeline on.');
    // When the cluster is kept, its passwords, its security group and its parameters are kept too.
    for (const [name, secret] of Object.entries({ owner, loader })) Tags.of(secret).add(LOGIN_TAG, name);
    const parts = [loader, parameterGroup, cluster.node.findChild('Secret')];
    for (const part of parts) applyTo(part, removalPolicy);
    // Its rules go with the stack: they name the group of the clients, and AWS removes no group that a rule of another one names.
    (securityGroup.node.defaultChild as CfnResource).applyRemovalPolicy(removalPolicy);
    this.ownerSecret = owner;
    this.loaderSecret = loader.attach(cluster);
    if (days !== undefined) this.#rotate(cluster, days, network);
    else acknowledge(this, 'SMG4', 'Rotation is an option of the configuration: database.rotate_secrets_after_days.');
  }

  /** Rotates the owner's password. Each pipeline renews the passwords of its own logins. */
  #rotate(cluster: DatabaseCluster, days: number, { subnets }: PipelineNetwork): void {
    cluster.addRotationSingleUser({
      automaticallyAfter: Duration.days(days),
      // Not with the deployment, in which migrations log in as the owner.
      rotateImmediatelyOnUpdate: false,
      vpcSubnets: subnets ?? {},
    });
  }
}

/** Applies a removal policy to all resources of a construct. */
function applyTo(construct: IConstruct, policy: RemovalPolicy): void {
  for (const child of construct.node.findAll()) if (child instanceof CfnResource) child.applyRemovalPolicy(policy);
}
