import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** `preferred`, unless something listens on that port of the loopback interface; then any free port. */
export async function freePort(preferred: number): Promise<number> {
  return await portIfFree(preferred).catch(() => portIfFree(0));
}

async function portIfFree(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return found;
}
