import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, PrincipalWithConditions, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MessageTopics } from '../../core/cloud/process-needs.ts';

interface MessagesProps {
  readonly title: string;
  readonly recipients: readonly string[];
  /** Adds a second topic, with messages in the form of chat clients. */
  readonly chat: boolean;
}

/** The topics for messages about nights: one with text for people, and one for chat. They are encrypted and accept TLS only. */
export class Messages extends Construct {
  readonly topic: Topic;
  readonly chatTopic: Topic | undefined;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { title, recipients, chat }: MessagesProps) {
    super(scope, id);
    // A key of our own, because alarms may not use the key that AWS keeps for SNS.
    this.#key = new Key(this, 'Key', {
      description: `${title}: messages`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms(this)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    const topic = (name: string) => {
      const made = new Topic(this, name, { displayName: title, masterKey: this.#key, enforceSSL: true });
      // A topic that has a policy refuses everybody whom the policy does not name, also alarms of the same account.
      made.addToResourcePolicy(
        new PolicyStatement({ principals: [alarms(this)], actions: ['sns:Publish'], resources: [made.topicArn] }),
      );
      return made;
    };
    this.topic = topic('Topic');
    for (const recipient of recipients) this.topic.addSubscription(new EmailSubscription(recipient));
    this.chatTopic = chat ? topic('ChatTopic') : undefined;
  }

  get topics(): ITopic[] {
    return this.chatTopic ? [this.topic, this.chatTopic] : [this.topic];
  }

  get arns(): MessageTopics {
    return { topic: this.topic.topicArn, chatTopic: this.chatTopic?.topicArn, key: this.#key.keyArn };
  }
}

/** The principal CloudWatch, limited to alarms of this account. */
function alarms(scope: Construct): PrincipalWithConditions {
  return new PrincipalWithConditions(new ServicePrincipal('cloudwatch.amazonaws.com'), {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
  });
}
