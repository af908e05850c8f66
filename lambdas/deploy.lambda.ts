import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { s3Store } from '../lib/adapters/store/s3.ts';
import { customResource } from './cloudformation.ts';
import { log, setting } from './compose.ts';

interface Properties {
  /** Key of the feed document in the lake. */
  readonly feed: string;
  /** Where CDK put the document: bucket and key. */
  readonly assets: string;
  readonly document: string;
  /** Name of the function that migrates. */
  readonly migrate: string;
}

/** At each deployment of a feed: its document into the lake, then the migration. */
export const handler = customResource(async ({ feed, assets, document, migrate }: Properties) => {
  const text = await s3Store(assets).readText(document);
  if (text === null) throw new Error(`the feed document is not where CDK put it: ${assets}/${document}`);
  await s3Store(setting('bucket')).create(feed, text);
  log(await migrated(migrate, feed));
  // The same for each version of a feed, so that none replaces another.
  return { id: feed.split('/')[1]! };
});

async function migrated(name: string, feed: string): Promise<string> {
  const call = { FunctionName: name, Payload: JSON.stringify({ feed }) };
  const { FunctionError, Payload } = await new LambdaClient().send(new InvokeCommand(call));
  const text = Payload?.transformToString() ?? '';
  if (FunctionError === undefined) return text;
  const { errorType = FunctionError, errorMessage = text } = JSON.parse(text);
  throw Object.assign(new Error(errorMessage), { name: errorType });
}
