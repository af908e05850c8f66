import { environmentNames } from '../../core/run/contract.ts';
import type { FunctionName, ProcessName } from '../code.ts';
import { access } from './access.ts';
import type { Site } from './site.ts';

/** Names and addresses only: whoever may describe a function or a task sees its environment. */
export function environmentOf(name: FunctionName | ProcessName, site: Site): Record<string, string> {
  const { secrets = [], tells, distributes, shows } = access[name];
  const { ownerSecret, loaderSecret } = site.database;
  const isOwner = secrets.includes('owner');
  return {
    [environmentNames.stage]: site.stage,
    [environmentNames.bucket]: site.lake.bucket.bucketName,
    [environmentNames.feed]: site.feedKey,
    ...(secrets.length > 0
      ? { [environmentNames.databaseSecret]: (isOwner ? ownerSecret : loaderSecret).secretArn }
      : {}),
    ...(isOwner ? { [environmentNames.loaderSecret]: loaderSecret.secretArn } : {}),
    ...(distributes && site.glueJob ? { [environmentNames.glueJob]: site.glueJob } : {}),
    ...(shows && site.catalog ? { [environmentNames.catalog]: site.catalog } : {}),
    ...(tells ? { [environmentNames.topic]: site.messages.topic.topicArn } : {}),
    ...(tells && site.messages.chatTopic ? { [environmentNames.chatTopic]: site.messages.chatTopic.topicArn } : {}),
  };
}
