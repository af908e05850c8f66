import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly url: string;
  /** Whether the fault has struck. */
  isBroken(): boolean;
  close(): void;
}

type Fault = 'before' | 'after' | 'swallowed' | 'unanswered';

/**
 * A way to a server that breaks around the first message of the client that holds `text`: `before` it is passed on, or
 * `after`, when the server has answered and before the client hears of it. With `since` only on a connection on which
 * the client said that earlier. Later connections pass.
 *
 * `swallowed` and `unanswered` are the same without a word: both ends stay open, and nothing passes any more.
 */
export async function tcpProxy(target: string, text: string, fault: Fault, since = ''): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isArmed = true;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let isBroken = false;
    let isDue = since === '';
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    const isHole = () => isBroken && (fault === 'swallowed' || fault === 'unanswered');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // The server does not hear that the client has gone.
      socket.on('error', cut).on('close', () => isHole() || cut());
    }
    client.on('data', (bytes) => {
      if (isArmed && isDue && bytes.includes(text)) {
        isArmed = false;
        isBroken = true;
        if (fault === 'before') return cut();
        if (fault === 'unanswered') upstream.write(bytes);
      }
      isDue ||= bytes.includes(since);
      if (!isBroken || fault === 'after') upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!isBroken) client.write(bytes);
      else if (fault === 'after') cut();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: Object.assign(new URL(target), { port: String((server.address() as AddressInfo).port) }).href,
    isBroken: () => !isArmed,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
