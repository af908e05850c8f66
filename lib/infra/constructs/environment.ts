import { environmentNames } from '../../core/cloud/environment-names.ts';
import type { Process } from '../../core/workflow/process.ts';
import { type ProcessName, processes } from '../../core/workflow/processes.ts';
import type { PipelineContext } from './pipeline-context.ts';

/** Names and addresses only: whoever may describe a function or a task sees its environment. */
export function environmentOf(name: ProcessName, context: PipelineContext): Record<string, string> {
  const { login, tells, distributes, shows }: Process = processes[name];
  return {
    [environmentNames.stage]: context.stage,
    [environmentNames.bucket]: context.lake.bucket.bucketName,
    [environmentNames.feed]: context.feedKey,
    ...(login === 'owner' ? secretsOfOwner(context) : {}),
    ...(login && login !== 'owner' ? { [environmentNames.databaseSecret]: context.logins[login].secretArn } : {}),
    ...(distributes && context.glueJob ? { [environmentNames.glueJob]: context.glueJob } : {}),
    ...(shows && context.catalog ? { [environmentNames.catalog]: context.catalog } : {}),
    ...(tells ? { [environmentNames.topic]: context.messages.topic.topicArn } : {}),
    ...(tells && context.messages.chatTopic
      ? { [environmentNames.chatTopic]: context.messages.chatTopic.topicArn }
      : {}),
  };
}

function secretsOfOwner({ database: { ownerSecret, loaderSecret }, logins }: PipelineContext): Record<string, string> {
  const arns = Object.entries(logins).map(([kind, { secretArn }]) => [kind, secretArn]);
  return {
    [environmentNames.databaseSecret]: ownerSecret.secretArn,
    [environmentNames.loginSecrets]: JSON.stringify(Object.fromEntries(arns)),
    ...(loaderSecret ? { [environmentNames.loaderSecret]: loaderSecret.secretArn } : {}),
  };
}
