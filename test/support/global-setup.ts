import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import {
  type PostgresVersion,
  postgresVersions,
  sweepThrowawayServers,
  type ThrowawayServer,
  throwawayServer,
} from './postgres/throwaway-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `GET <this>/<version>` answers with the URL of a PostgreSQL server. */
    postgresServers: string;
  }
}

/** One PostgreSQL server per version and test run, started when the first test asks: most runs need none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = new Map<PostgresVersion, Promise<ThrowawayServer>>();
  const serverOf = (version: PostgresVersion) => {
    const server = servers.get(version) ?? throwawayServer(version);
    servers.set(version, server);
    return server;
  };

  const desk = createServer(async (request, response) => {
    try {
      const version = postgresVersions.find((known) => `/${known}` === request.url);
      if (!version) throw new Error(`asked for ${request.url}, installed are ${postgresVersions.join(', ')}`);
      response.end((await serverOf(version)).url);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  project.provide('postgresServers', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);

  await sweepThrowawayServers();
  return async () => {
    desk.close();
    const started = await Promise.allSettled(servers.values());
    await Promise.all(started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)));
  };
}
