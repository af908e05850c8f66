import { secretsManager } from '../lib/adapters/secrets/secrets-manager.ts';
import { provideRoles } from '../lib/adapters/warehouse/postgres/roles.ts';
import { migrateEvent } from '../lib/core/run/contract.ts';
import { databaseUrl, readDatabaseSecret } from '../lib/core/run/database-secret.ts';
import { readFeed } from '../lib/steps/feed-document.ts';
import { retrying } from '../lib/steps/retry.ts';
import { setting, withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';

/** At each deployment, as the owner of the database: what a feed needs there, and what the loader may do with it. */
export const handler = handlerOf(migrateEvent, (event) =>
  withPorts(async (ports) => {
    const secrets = secretsManager();
    const owner = async () => databaseUrl(await secrets(setting('databaseSecret')));
    const { username, password } = readDatabaseSecret(await secrets(setting('loaderSecret')));
    const feed = await readFeed(ports, event.feed);
    const { done } = await retrying(ports, () => ports.warehouse.migrate(feed));
    await retrying(ports, () => provideRoles(owner, feed, { name: username, password }));
    return { done };
  }),
);
