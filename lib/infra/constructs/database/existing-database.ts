import { Tags } from 'aws-cdk-lib';
import { type ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { importedKey } from '../../imported-keys.ts';
import { acknowledge } from '../acknowledge.ts';
import { peerOf } from '../network/ways-out.ts';
import type { PipelineSecret } from '../pipeline-context.ts';
import { LOGIN_TAG } from './logins.ts';

interface ExistingDatabaseProps {
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  /** Name or ARN. */
  readonly owner_secret: string;
  readonly owner_secret_key?: string | undefined;
  readonly security_group?: string | undefined;
  readonly sslmode?: string | undefined;
  readonly clients: ISecurityGroup;
  readonly secretsKey: IKey | undefined;
}

/** A PostgreSQL that somebody else runs. Of it we keep only the address, in the secret of the login that all steps used before. */
export class ExistingDatabase extends Construct {
  readonly ownerSecret: PipelineSecret;
  readonly loaderSecret: PipelineSecret;

  constructor(scope: Construct, id: string, props: ExistingDatabaseProps) {
    super(scope, id);
    const { host, port, dbname, owner_secret, owner_secret_key, security_group, sslmode, clients, secretsKey } = props;
    const owner = owner_secret.startsWith('arn:')
      ? Secret.fromSecretCompleteArn(this, 'OwnerSecret', owner_secret)
      : Secret.fromSecretNameV2(this, 'OwnerSecret', owner_secret);
    const { secretArn, secretFullArn } = owner;
    this.ownerSecret = { secretArn, secretFullArn, encryptionKey: importedKey(this, 'OwnerKey', owner_secret_key) };
    const login = { host, port, dbname, username: 'nightfeed_loader', ...(sslmode ? { sslmode } : {}) };
    const loaderSecret = new Secret(this, 'LoaderSecret', {
      description: `Login of nightfeed's loader at ${host}`,
      ...(secretsKey ? { encryptionKey: secretsKey } : {}),
      generateSecretString: {
        secretStringTemplate: JSON.stringify(login),
        generateStringKey: 'password',
        passwordLength: 30,
        excludePunctuation: true,
      },
    });
    acknowledge(loaderSecret, 'SMG4', 'How passwords rotate is decided by who keeps that database.');
    Tags.of(loaderSecret).add(LOGIN_TAG, 'loader');
    this.loaderSecret = loaderSecret;
    if (!clients.allowAllOutbound) clients.addEgressRule(peerOf(host), Port.tcp(port), 'the database');
    if (security_group)
      SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', security_group).addIngressRule(
        clients,
        Port.tcp(port),
        'functions and tasks of nightfeed',
      );
  }
}
