import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { eventsPage } from '../../../docs/events.ts';
import { runEventOf } from '../../../lib/core/cloud/run-event.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import { eventBridgeNotifier } from '../../../lib/notifiers/eventbridge/eventbridge.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { askAws } from '../../support/aws/aws-request.ts';

/** The rule that docs/events.md shows. */
const documentedRule = /```json\n(.*?)```/s.exec(eventsPage())![1]!;

const messageOf = (feed: string, state: 'published' | 'held') =>
  runMessage({ run: { feed, date: '2026-11-20', revision: 1 }, state, changeSet: 'abc', tables: {} });

await describeAws('events', ['localstack', 'ministack'], (aws) => {
  test.skipIf(aws.client.endpoint === undefined)(
    'reach whoever has the rule of the documentation, and only what the rule wants (skipped on AWS itself)',
    async () => {
      const name = `events-${randomUUID().slice(0, 8)}`;
      const sqs = <Answer>(operation: string, request: object) =>
        askAws<Answer>(aws, 'sqs', `AmazonSQS.${operation}`, request);
      const events = <Answer>(operation: string, request: object) =>
        askAws<Answer>(aws, 'events', `AWSEvents.${operation}`, request);
      const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: name });
      const { EventBusArn: bus } = await events<{ EventBusArn: string }>('CreateEventBus', { Name: name });
      await events('PutRule', { Name: name, EventBusName: name, EventPattern: documentedRule });
      const Arn = `arn:aws:sqs:${aws.client.region}:000000000000:${name}`;
      await events('PutTargets', { Rule: name, EventBusName: name, Targets: [{ Id: 'queue', Arn }] });

      const notifier = eventBridgeNotifier({ bus, stage: 'prod', endpoint: aws.client.endpoint }, aws.client);
      const wanted = messageOf('catalog', 'published');
      for (const message of [messageOf('catalog', 'held'), messageOf('other', 'published'), wanted])
        await notifier.send(message);

      const bodies: string[] = [];
      await vi.waitFor(async () => {
        const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>('ReceiveMessage', {
          QueueUrl,
          MaxNumberOfMessages: 10,
        });
        bodies.push(...Messages.map(({ Body }) => Body));
        expect(bodies).not.toEqual([]);
      }, 20_000);
      expect(bodies.map((body) => JSON.parse(body))).toMatchObject([
        { source: 'nightfeed', 'detail-type': 'Run published', detail: runEventOf(wanted, 'prod').detail },
      ]);

      const nowhere = eventBridgeNotifier(
        { bus: bus.replace(name, `${name}-gone`), stage: 'prod', endpoint: aws.client.endpoint },
        aws.client,
      );
      await nowhere
        .send(wanted)
        .catch((thrown: unknown) => expect(thrown).toMatchObject({ name: 'NOTIFIER_UNAVAILABLE' }));
    },
    60_000,
  );
});
