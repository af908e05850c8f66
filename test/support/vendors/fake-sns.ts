import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A server that takes what is published as SNS does, or answers with another status. */
export async function fakeSns() {
  const asked: URLSearchParams[] = [];
  const answers = { status: 200 };
  const server = createServer(async (request, response) => {
    const parameters = new URLSearchParams(await text(request));
    if (answers.status === 200) asked.push(parameters);
    response
      .writeHead(answers.status)
      .end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return {
    /** What SNS was asked and took, as parameters of its query protocol. */
    asked,
    answers,
    config: { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
