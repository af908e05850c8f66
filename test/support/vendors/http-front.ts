import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one request or its answer. */
export type Fault =
  /** Never reaches the server. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Done, but the client hears nothing and is cut off. */
  | { readonly kind: 'lose answer' }
  /** The connection ends after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** One byte of the body arrives as another. */
  | { readonly kind: 'damage' }
  | { readonly kind: 'delay'; readonly until: Promise<unknown> };

export interface HttpFront {
  readonly url: string;
  /** `METHOD /path` of all requests so far. */
  readonly requests: readonly string[];
  close(): void;
}

/** A way to an HTTP server on which `decide` breaks what it likes; what it says nothing about passes. */
export async function httpFront(
  target: string,
  decide: (request: IncomingMessage) => Fault | undefined,
): Promise<HttpFront> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = decide(request);
    try {
      await serve(target, request, response, fault);
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(target: string, request: IncomingMessage, response: ServerResponse, fault: Fault | undefined) {
  if (fault?.kind === 'answer') {
    request.resume();
    await once(request, 'end');
    response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers }).end(fault.body);
    return;
  }
  if (fault?.kind === 'delay') await fault.until;
  const upstream = send(new URL(request.url!, target), { method: request.method!, headers: request.headers });
  request.pipe(upstream);
  const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
  if (fault?.kind === 'lose answer') return void response.destroy();

  response.writeHead(answer.statusCode!, answer.headers);
  const allowed = fault?.kind === 'cut' ? fault.bytes : Number.POSITIVE_INFINITY;
  let passed = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (fault?.kind === 'damage' && passed === 0) chunk[0]! ^= 1;
    const piece = chunk.subarray(0, allowed - passed);
    passed += piece.length;
    if (!response.write(piece)) await once(response, 'drain');
    if (passed < allowed) continue;
    // Written is not sent yet, and what is not sent goes with the connection.
    await sleep(20);
    return void response.destroy();
  }
  response.end();
}
