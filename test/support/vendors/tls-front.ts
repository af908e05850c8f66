import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';

/** A PostgreSQL server's TLS, in front of one that has none; gives the port. */
export async function tlsFront(target: string, certificate: Certificate): Promise<{ port: number; close(): void }> {
  const { hostname, port } = new URL(target);
  const server = createServer((plain) => {
    // SSLRequest is eight bytes; S says that TLS may begin.
    plain.once('data', () => {
      plain.write('S');
      const secure = new TLSSocket(plain, { isServer: true, ...certificate });
      const upstream = connect(Number(port), hostname);
      secure.pipe(upstream).pipe(secure);
      for (const socket of [plain, secure, upstream]) {
        socket.on('error', () => {});
        socket.on('close', () => {
          secure.destroy();
          upstream.destroy();
        });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
