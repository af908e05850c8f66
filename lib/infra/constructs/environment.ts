import { environmentNames } from '../../core/run/contract.ts';
import type { FunctionName, ProcessName } from '../code.ts';
import { access } from './access.ts';
import type { Site } from './site.ts';

/** Names and addresses only: whoever may describe a function or a task sees its environment. */
export function environmentOf(name: FunctionName | ProcessName, site: Site): Record<string, string> {
  const { login, tells, distributes, shows } = access[name];
  return {
    [environmentNames.stage]: site.stage,
    [environmentNames.bucket]: site.lake.bucket.bucketName,
    [environmentNames.feed]: site.feedKey,
    ...(login === 'owner' ? secretsOfOwner(site) : {}),
    ...(login && login !== 'owner' ? { [environmentNames.databaseSecret]: site.logins[login].secretArn } : {}),
    ...(distributes && site.glueJob ? { [environmentNames.glueJob]: site.glueJob } : {}),
    ...(shows && site.catalog ? { [environmentNames.catalog]: site.catalog } : {}),
    ...(tells ? { [environmentNames.topic]: site.messages.topic.topicArn } : {}),
    ...(tells && site.messages.chatTopic ? { [environmentNames.chatTopic]: site.messages.chatTopic.topicArn } : {}),
  };
}

function secretsOfOwner({ database: { ownerSecret, loaderSecret }, logins }: Site): Record<string, string> {
  const arns = Object.entries(logins).map(([kind, { secretArn }]) => [kind, secretArn]);
  return {
    [environmentNames.databaseSecret]: ownerSecret.secretArn,
    [environmentNames.loginSecrets]: JSON.stringify(Object.fromEntries(arns)),
    ...(loaderSecret ? { [environmentNames.loaderSecret]: loaderSecret.secretArn } : {}),
  };
}
