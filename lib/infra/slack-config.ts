import { z } from 'zod';
import { matching } from '../core/feed/values/text-forms.ts';

const ofUs = z.strictObject({
  workspace: matching(/^[0-9A-Z]{1,255}$/, 'expected an id such as T07EA123LEP').describe('Id of the workspace.'),
  channel: matching(/^[A-Za-z0-9]+$/, 'expected an id such as C07EZ1ABC23').describe('Id of the channel.'),
});

const ofYours = z.strictObject({
  topic: matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'expected the ARN of a topic').describe(
    'A topic from which Amazon Q Developer sends to a channel already, such as that of another stage.',
  ),
  key: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'expected the ARN of a key')
    .optional()
    .describe('The key of KMS that encrypts what is sent to it, if there is one.'),
});

/** Where messages and alarms go in Slack: a channel, or a topic that somebody else sends to a channel. */
export const slackSchema = z.union([ofUs, ofYours], {
  error: 'expected {workspace, channel}, or {topic, key} with ARNs',
});

export type SlackChannel = z.output<typeof ofUs>;
