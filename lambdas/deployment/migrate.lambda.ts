import { secretsManager } from '../../lib/aws/secrets-manager.ts';
import { databaseUrl, readDatabaseSecret } from '../../lib/core/cloud/database-secret.ts';
import { migrateEvent } from '../../lib/core/cloud/deployment-events.ts';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { readFeed } from '../../lib/steps/run/feed-document.ts';
import { provideLogins, retireLogin } from '../../lib/target/postgres/ledger/roles.ts';
import { optional, setting, withPorts } from '../compose.ts';
import { handlerOf } from '../handler.ts';
import { keptLogins } from './logins.ts';
import { migrateUnlessNewer } from './newer-ledger.ts';

/** At each deployment, as the owner of the database: makes a feed's tables, and the logins of its processes. */
export const handler = handlerOf(migrateEvent, ({ feed: key, renew = false, retire, again }) =>
  withPorts(async (ports) => {
    const feed = await readFeed(ports, key);
    return migrateUnlessNewer(ports, again, async () => {
      if (retire) return { done: await retireLoader(feed) };
      const { done } = await ports.target.migrateTables(feed);
      await provideLogins(owner, feed, () => keptLogins(feed.feed, renew));
      return { done };
    });
  }),
);

const owner = async () => databaseUrl(await secretsManager()(setting('databaseSecret')));

async function retireLoader(feed: Feed): Promise<string[]> {
  const secret = optional('loaderSecret');
  if (secret === undefined) return [];
  const { username } = readDatabaseSecret(await secretsManager()(secret));
  const isRetired = await retireLogin(owner, feed, username);
  return [
    isRetired
      ? `${username} retired`
      : `note: a run is at work; the next version or feed file that is deployed retires ${username}`,
  ];
}
