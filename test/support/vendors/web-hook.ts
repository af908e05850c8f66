import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import type { Aws } from '../aws/aws.ts';

export interface WebHook {
  readonly url: string;
  /** What SNS posted. */
  readonly received: readonly RunMessage[];
  close(): void;
}

/** An HTTP endpoint that confirms every subscription of SNS and keeps the messages. */
export async function openWebHook(aws: Aws): Promise<WebHook> {
  const sns = new SNSClient(aws.client);
  const received: RunMessage[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as { Type: string; Message: string; Token: string; TopicArn: string };
    if (body.Type === 'SubscriptionConfirmation') await sns.send(new ConfirmSubscriptionCommand(body));
    if (body.Type === 'Notification') received.push(JSON.parse(body.Message) as RunMessage);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, received, close: () => void server.close() };
}
