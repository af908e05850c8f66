import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface StrikingProxy {
  readonly url: string;
  /** What the client has said since it began; how much of it came before the blow, or all. */
  readonly heard: number;
  close(): void;
}

/**
 * A way to a server that does something to it at a moment of the client's work: when the client says something for the
 * `moment`-th time since a first message that holds `since`. Odd moments are before that is passed on, even ones after it.
 */
export async function strikingProxy(
  target: string,
  { since, moment }: { since: string; moment: number },
  strike: () => Promise<void>,
): Promise<StrikingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    upstream.on('data', (bytes) => client.write(bytes));
    client.on('data', async (bytes) => {
      if (heard > 0 || bytes.includes(since)) heard += 1;
      const isDue = heard === moment;
      if (isDue) heard += 1;
      // What comes meanwhile must not overtake.
      if (isDue) client.pause();
      if (isDue && moment % 2 === 1) await strike();
      upstream.write(bytes);
      if (isDue && moment % 2 === 0) await strike();
      client.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: Object.assign(new URL(target), { port: String((server.address() as AddressInfo).port) }).href,
    get heard() {
      return heard;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
