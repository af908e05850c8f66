import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly url: string;
  /** Whether the fault has struck. */
  isBroken(): boolean;
  close(): void;
}

type Fault = 'before' | 'after';

/**
 * A way to a server that breaks around the first message of the client that holds `text`: `before` it is passed on, or
 * `after`, when the server has answered and before the client hears of it. With `since` only on a connection on which
 * the client said that earlier. Later connections pass.
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
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    client.on('data', (bytes) => {
      if (isArmed && isDue && bytes.includes(text)) {
        isArmed = false;
        isBroken = true;
        if (fault === 'before') return cut();
      }
      isDue ||= bytes.includes(since);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (isBroken ? cut() : client.write(bytes)));
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
