import { secretsManager } from '../lib/aws/secrets-manager.ts';
import { databaseUrl, readDatabaseSecret } from '../lib/core/cloud/database-secret.ts';
import { migrateEvent } from '../lib/core/cloud/events.ts';
import type { Feed } from '../lib/core/feed/spec.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { readFeed } from '../lib/steps/run/feed-document.ts';
import { retrying } from '../lib/steps/run/retry.ts';
import { provideLogins, retireLogin } from '../lib/target/postgres/ledger/roles.ts';
import { optional, setting, withPorts } from './compose.ts';
import { handlerOf } from './handler.ts';
import { keptLogins } from './logins.ts';

/** At each deployment, as the owner of the database: makes what a feed needs there, and the logins of its processes. */
export const handler = handlerOf(migrateEvent, ({ feed: key, renew = false, retire }) =>
  withPorts(async (ports) => {
    const feed = await readFeed(ports, key);
    if (retire) return { done: await retireLoader(feed, ports) };
    const { done } = await retrying(ports, () => ports.target.migrate(feed));
    await retrying(ports, () => provideLogins(owner, feed, () => keptLogins(feed.feed, renew)));
    return { done };
  }),
);

const owner = async () => databaseUrl(await secretsManager()(setting('databaseSecret')));

async function retireLoader(feed: Feed, ports: Pick<Ports, 'sleep' | 'say'>): Promise<string[]> {
  const secret = optional('loaderSecret');
  if (secret === undefined) return [];
  const { username } = readDatabaseSecret(await secretsManager()(secret));
  const isRetired = await retrying(ports, () => retireLogin(owner, feed, username));
  return [
    isRetired
      ? `${username} retired`
      : `note: a run is at work; the next version or feed file that is deployed retires ${username}`,
  ];
}
