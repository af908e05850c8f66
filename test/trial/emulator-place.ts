import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { withLock } from '../../lib/local/file-lock.ts';
import type { Aws } from '../support/aws/aws.ts';
import { adapt, networkOf, startContainers } from '../support/aws/deployed-stacks.ts';
import type { FreshDatabase } from '../support/postgres/postgres.ts';
import type { Place } from './place.ts';

/** LocalStack, beside a PostgreSQL of the test's own. */
export function emulatorPlace(aws: Aws, database: Pick<FreshDatabase, 'url'>): Place {
  const { hostname: host, port, pathname, username, password } = new URL(database.url);
  const login = { host, port: Number(port), dbname: pathname.slice(1) };
  const owner_secret = `owner-${randomUUID().slice(0, 8)}`;
  return {
    aws,
    environment: aws.environment,
    bootstrap: `aws://000000000000/${aws.client.region}`,
    // Files of a test run share the account, and one after the other prepares it for the CDK.
    async alone(work) {
      const locks = join(aws.folder!, 'bootstrap');
      await mkdir(locks, { recursive: true });
      await withLock(locks, work);
    },
    async config() {
      const SecretString = JSON.stringify({ ...login, username, password });
      const vault = new SecretsManagerClient(aws.client);
      await vault.send(new CreateSecretCommand({ Name: owner_secret, SecretString })).catch((error: Error) => {
        // From the deployment before.
        if (error.name !== 'ResourceExistsException') throw error;
      });
      return { network: { existing: await networkOf(aws) }, database: { existing: { ...login, owner_secret } } };
    },
    adapt,
    async startContainers(folder, stage, feeds) {
      for (const feed of feeds) await startContainers(aws, join(folder, feed), stage, feed);
    },
  };
}
