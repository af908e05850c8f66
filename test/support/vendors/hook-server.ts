import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server that takes whatever is posted, or answers with another status. */
export async function hookServer() {
  const taken: Taken[] = [];
  const answers = { status: 202, body: '', headers: {} as Record<string, string>, asked: 0 };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    answers.asked += 1;
    if (answers.status < 300) taken.push({ headers: request.headers, body });
    response.writeHead(answers.status, answers.headers).end(answers.body);
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    taken,
    answers,
    close: () => new Promise<void>((go) => void server.close(() => go())),
  };
}
