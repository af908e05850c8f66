import { PublishCommand, type PublishCommandInput, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { NightfeedError } from '../../core/errors.ts';
import type { RunMessage } from '../../core/run/message.ts';
import { shownJson } from '../../core/shown-text.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { chatOf, subjectOf, textOf } from './message-form.ts';

interface Topics {
  /** ARN of the topic. E-mail gets text for a person; every other protocol gets the message as JSON. */
  readonly topic: string;
  /**
   * ARN of a topic for chat clients. They need a topic of their own, because they subscribe by HTTPS like web hooks, and a web hook would get
   * messages that only chat clients understand.
   */
  readonly chatTopic?: string | undefined;
  /** Part of the pipeline's name, for the commands in a message. */
  readonly stage: string;
}

/**
 * Publishes each message to Amazon SNS. Subscribers may filter by the attributes run, feed and state, and tell repetitions by
 * the message's id. Throws NOTIFIER_UNAVAILABLE; the message then stays in the outbox.
 */
export function snsNotifier({ topic, chatTopic, stage }: Topics, config: SNSClientConfig = {}): Notifier {
  const client = new SNSClient({ maxAttempts: REQUEST_ATTEMPTS, ...config });
  const publish = async (arn: string, message: RunMessage, body: Omit<PublishCommandInput, 'TopicArn'>) => {
    const attributes = { run: message.run, feed: message.run.split('/')[0]!, state: message.state };
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await client.send(new PublishCommand({ TopicArn: arn, MessageAttributes, ...body })).catch((cause: unknown) => {
      throw unsent(arn, cause);
    });
  };
  return {
    async send(message) {
      const fitting = fit(message);
      const forms = { default: shownJson(fitting), email: textOf(fitting, stage) };
      await publish(topic, message, {
        Subject: subjectOf(message),
        MessageStructure: 'json',
        Message: JSON.stringify(forms),
      });
      if (chatTopic) await publish(chatTopic, message, { Message: shownJson(chatOf(fitting, stage)) });
    },
  };
}

/** With the SDK's growing pauses these last some ten seconds. */
const REQUEST_ATTEMPTS = 6;

/** SNS accepts 256 KB for all forms of a message together. The message is in it twice, and JSON within JSON may double its size. */
const MESSAGE_BYTES = 50_000;

/** Shortens a message with hundreds of tables: numbers and sample rows are left out, because ledger and lake have them. */
function fit(message: RunMessage): RunMessage {
  if (bytesOf(message) <= MESSAGE_BYTES) return message;
  const { error, holds, warnings, samples: _samples, ...rest } = message;
  const short = error && { ...error, message: error.message.slice(0, MESSAGE_BYTES / 10) };
  return {
    ...rest,
    tables: {},
    holds: within(MESSAGE_BYTES / 2, holds),
    warnings: within(MESSAGE_BYTES / 4, warnings),
    error: short,
  };
}

/** The first items, as many as fit. */
function within<T>(bytes: number, all: readonly T[]): T[] {
  let left = bytes;
  return all.filter((each) => {
    left -= bytesOf(each);
    return left >= 0;
  });
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(shownJson(value));
}

function unsent(arn: string, cause: unknown): NightfeedError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new NightfeedError('NOTIFIER_UNAVAILABLE', `SNS did not take the message for ${arn}: ${reason}`, { cause });
}
