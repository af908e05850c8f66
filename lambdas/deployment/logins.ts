import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { secretsManager, writeSecret } from '../../lib/aws/secrets-manager.ts';
import { passwordIn, readDatabaseSecret, secretOf } from '../../lib/core/cloud/database-secret.ts';
import { loginKinds, loginName } from '../../lib/core/cloud/logins.ts';
import type { Login, Logins } from '../../lib/target/postgres/ledger/roles.ts';
import { loginSecrets, optional, setting } from '../compose.ts';

/**
 * The logins of a feed, from their secrets. A secret that is empty, or has another address of the database, is written anew; with `renew`
 * all are. The address is that of the old login, where there is one, because it may have more than the owner's, such as `sslmode`.
 */
export async function keptLogins(feed: string, renew: boolean): Promise<Logins> {
  const secrets = secretsManager();
  const database = readDatabaseSecret(await secrets(optional('loaderSecret') ?? setting('databaseSecret')));
  const names = z.record(z.enum(loginKinds), z.string()).parse(loginSecrets());
  const logins = loginKinds.map(async (kind): Promise<[string, Login]> => {
    const name = loginName(setting('stage'), feed, kind);
    const kept = renew ? undefined : passwordIn(await secrets(names[kind]), name, database);
    const password = kept ?? randomBytes(PASSWORD_BYTES).toString('base64url');
    if (kept === undefined) await writeSecret(names[kind], secretOf(name, password, database));
    return [kind, { name, password }];
  });
  return Object.fromEntries(await Promise.all(logins)) as unknown as Logins;
}

const PASSWORD_BYTES = 24;
