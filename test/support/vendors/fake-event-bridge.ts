import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** A server that takes what is put as EventBridge does, or answers with another status, or with an entry that failed. */
export async function fakeEventBridge() {
  const taken: Entry[] = [];
  const authorizations: string[] = [];
  const answers: { status: number; refuses: string | null; outages: number } = {
    status: 200,
    refuses: null,
    outages: 0,
  };
  const server = createServer(async (request, response) => {
    const { Entries } = JSON.parse(await text(request)) as { Entries: Entry[] };
    authorizations.push(request.headers.authorization ?? '');
    const isTarget = request.headers['x-amz-target'] === 'AWSEvents.PutEvents';
    const status = answers.outages-- > 0 ? 503 : isTarget ? answers.status : 400;
    const failed = answers.refuses === null ? [] : [{ ErrorCode: answers.refuses, ErrorMessage: 'as the test wants' }];
    if (status === 200 && failed.length === 0) taken.push(...Entries);
    const body = { FailedEntryCount: failed.length, Entries: failed.length > 0 ? failed : [{ EventId: '1' }] };
    response.writeHead(status).end(status === 200 ? JSON.stringify(body) : '{"__type":"AccessDeniedException"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** What was put. */
    taken,
    authorizations,
    answers,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    config: { region: 'eu-west-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
