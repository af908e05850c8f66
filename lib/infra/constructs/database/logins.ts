import { Tags } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { type LoginKind, loginKinds } from '../../../core/cloud/logins.ts';
import { acknowledge } from '../acknowledge.ts';
import type { PipelineSecret } from '../pipeline-context.ts';

/** The tag of every secret that is a login of the database; its value is the kind of login. Roles that read vendors' secrets may not read secrets with it. */
export const LOGIN_TAG = 'nightfeed:login';

interface LoginsProps {
  readonly feed: string;
  /** Encrypts the secrets, instead of Secrets Manager's own key. */
  readonly key: IKey | undefined;
}

/** A secret for each kind of login of one feed. Each deployment writes a login into those that are empty, and makes its role. */
export class Logins extends Construct {
  readonly secrets: Readonly<Record<LoginKind, PipelineSecret>>;

  constructor(scope: Construct, id: string, { feed, key }: LoginsProps) {
    super(scope, id);
    const make = (kind: LoginKind) => {
      const secret = new Secret(this, kind, {
        description: `${kind} of feed ${feed}`,
        ...(key ? { encryptionKey: key } : {}),
      });
      Tags.of(secret).add(LOGIN_TAG, kind);
      return [kind, secret];
    };
    this.secrets = Object.fromEntries(loginKinds.map(make));
    acknowledge(this, 'SMG4', 'The function that migrates gives new passwords: database.rotate_secrets_after_days.');
  }
}
