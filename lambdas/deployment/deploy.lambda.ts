import { deployProperties } from '../../lib/core/cloud/deployment-events.ts';
import { parseFeedKey } from '../../lib/core/run/keys.ts';
import { s3Store } from '../../lib/stores/s3/s3.ts';
import { log, openLake } from '../compose.ts';
import { ownFeed } from '../own.ts';
import { customResource } from './cloudformation.ts';
import { invoke } from './invoke.ts';

/** At each deployment of a feed: puts its document into the lake, then makes tables and logins, and at the end retires old logins. */
export const handler = customResource(async (properties, again) => {
  const { feed, assets, document, migrate } = deployProperties.parse(properties);
  const name = parseFeedKey(feed)!.feed;
  if (name !== ownFeed()) throw new Error(`this pipeline deploys documents of ${ownFeed()}, not ${feed}`);
  const isEnd = assets === undefined || document === undefined;
  if (!isEnd) await keepDocument(feed, assets, document);
  log(await invoke(migrate, { feed, ...again, ...(isEnd ? { retire: true } : {}) }));
  // The same id for each version of a feed, so that CloudFormation does not replace the resource.
  return { id: name };
});

async function keepDocument(feed: string, assets: string, document: string): Promise<void> {
  const text = await s3Store(assets).readText(document);
  if (text === null) throw new Error(`the feed document is not where CDK put it: ${assets}/${document}`);
  const lake = await openLake();
  await lake.create(feed, text);
}
