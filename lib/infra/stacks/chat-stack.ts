import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ourTopics } from '../constructs/messages.ts';
import { slackChannel } from '../constructs/watch/slack.ts';
import { importedKey } from '../imported-keys.ts';
import type { SlackChannel } from '../slack-config.ts';

interface ChatStackProps extends StackProps {
  readonly stage: string;
  readonly slack: SlackChannel;
  /** ARN of the key that encrypts what is sent, instead of a key of ours. */
  readonly messagesKey: string | undefined;
}

/** The channel of a stage, and the topic of all its feeds for it. It comes before all who send there, so that a feed can go without a change here. */
export class ChatStack extends Stack {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { stage, slack, messagesKey, ...props }: ChatStackProps) {
    super(scope, id, props);
    this.topic = ourTopics(this, `nightfeed ${stage}`, importedKey(this, 'MessagesKey', messagesKey))('Topic');
    slackChannel(this, { name: `nightfeed-${stage}`, slack, topics: [this.topic] });
    new CfnOutput(this, 'ChatTopic', { value: this.topic.topicArn, description: 'slack.topic of another stage' });
    const { masterKey } = this.topic;
    if (masterKey)
      new CfnOutput(this, 'ChatKey', { value: masterKey.keyArn, description: 'slack.key of another stage' });
  }
}
