import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, PrincipalWithConditions, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MessageTopics } from '../../core/cloud/process-needs.ts';

interface MessagesProps {
  readonly title: string;
  readonly recipients: readonly string[];
  /** Adds a second topic, with messages in the form of chat clients. */
  readonly chat: boolean;
  /** Gets these, instead of a topic of ours. */
  readonly chatTopic?: ITopic | undefined;
  /** Gets the messages for people, instead of a topic of ours. */
  readonly topic: ITopic | undefined;
  /** Encrypts our topics, instead of a key of ours. */
  readonly key: IKey | undefined;
  /** Gets an event for each message, if somebody wants it. */
  readonly bus?: IEventBus | undefined;
}

/** The topics for messages about nights: one with text for people, and one for chat. They are encrypted and accept TLS only. */
export class Messages extends Construct {
  readonly topic: ITopic;
  readonly chatTopic: ITopic | undefined;
  readonly #bus: IEventBus | undefined;

  constructor(scope: Construct, id: string, { title, recipients, chat, chatTopic, topic, key, bus }: MessagesProps) {
    super(scope, id);
    this.#bus = bus;
    const make = ourTopics(this, title, key);
    this.topic = topic ?? make('Topic');
    for (const recipient of recipients) this.topic.addSubscription(new EmailSubscription(recipient));
    this.chatTopic = chatTopic ?? (chat ? make('ChatTopic') : undefined);
  }

  get topics(): ITopic[] {
    return this.chatTopic ? [this.topic, this.chatTopic] : [this.topic];
  }

  get arns(): MessageTopics {
    const keys = this.topics.flatMap(({ masterKey }) => (masterKey ? [masterKey.keyArn] : []));
    return {
      topic: this.topic.topicArn,
      chatTopic: this.chatTopic?.topicArn,
      keys: [...new Set(keys)],
      bus: this.#bus?.eventBusArn,
    };
  }
}

/** Makes topics that are encrypted with `key`, or with one key of ours. */
export function ourTopics(scope: Construct, title: string, key: IKey | undefined): (name: string) => Topic {
  let masterKey: IKey | undefined;
  return (name) => {
    masterKey ??= letAlarmsUse(key ?? ourKey(scope, title));
    const made = new Topic(scope, name, { displayName: title, masterKey, enforceSSL: true });
    // A topic that has a policy refuses everybody whom the policy does not name, also alarms of the same account.
    made.addToResourcePolicy(
      new PolicyStatement({ principals: [alarms(scope)], actions: ['sns:Publish'], resources: [made.topicArn] }),
    );
    return made;
  };
}

/** Alarms may not use the key that AWS keeps for SNS. */
function ourKey(scope: Construct, title: string): Key {
  return new Key(scope, 'Key', {
    description: `${title}: messages`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

function letAlarmsUse(key: IKey): IKey {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [alarms(key)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
  return key;
}

/** The principal CloudWatch, limited to alarms of this account. */
function alarms(scope: Construct): PrincipalWithConditions {
  return new PrincipalWithConditions(new ServicePrincipal('cloudwatch.amazonaws.com'), {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
  });
}
