import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NightfeedError } from '../../core/errors.ts';
import { type ListenAddress, showAddress } from '../../core/serve/listen-address.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What is answered, by path. None takes anything of the request. */
export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

export interface Listening {
  /** With the port that the system chose, where 0 was asked for. */
  readonly address: ListenAddress;
  close(): Promise<void>;
}

/** A client that is slower, or sends more, is cut off. */
const PATIENCE_MS = 5_000;
const MOST_HEADER_BYTES = 8_192;
const MOST_CONNECTIONS = 50;

/** Answers GET and HEAD of these paths. Throws USAGE where nobody can listen at this address. */
export async function listen(address: ListenAddress, routes: Routes): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void answer(request, response, routes),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.keepAliveTimeout = PATIENCE_MS;
  server.timeout = 2 * PATIENCE_MS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(address.port, address.host, resolve);
  await promise.catch((error: NodeJS.ErrnoException) => {
    throw new NightfeedError('USAGE', `cannot listen at ${showAddress(address)}: ${error.code}`, {
      hint: 'Nothing was begun. Give another address to --listen, or end what listens there.',
      cause: error,
    });
  });
  server.off('error', reject).on('error', () => {});
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: address.host, port },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, routes: Routes): Promise<void> {
  const { status, type, body } = await answerTo(method, url, routes);
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  response
    .writeHead(status, status === 405 ? { ...headers, allow: 'GET, HEAD' } : headers)
    .end(method === 'HEAD' ? '' : body);
}

async function answerTo(method: string | undefined, url: string, routes: Routes): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'expected GET or HEAD');
  const path = url.split('?', 1)[0]!;
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return plain(404, `nothing is here; there is ${Object.keys(routes).join(', ')}`);
  try {
    return await route();
  } catch {
    return plain(500, 'this could not be answered');
  }
}

const plain = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});
