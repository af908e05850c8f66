import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Emulator } from './aws/emulator.ts';
import { startLocalStack } from './aws/localstack.ts';
import { startMiniStack } from './aws/ministack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `GET <this>/<emulator>` answers with `{ endpoint, folder }`, or null where it cannot be installed. */
    awsEmulators: string;
  }
}

const starters = { localstack: startLocalStack, ministack: startMiniStack };
export type EmulatorName = keyof typeof starters;

/** One emulator of a kind per test run, installed and started when the first test asks: most runs need none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<EmulatorName, Promise<Emulator | undefined>>();
  const desk = createServer(async (request, response) => {
    const name = request.url!.slice(1) as EmulatorName;
    try {
      const starting = started.get(name) ?? starters[name]();
      started.set(name, starting);
      const { endpoint, folder } = (await starting) ?? {};
      response.end(JSON.stringify(endpoint ? { endpoint, folder } : null));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  project.provide('awsEmulators', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);
  return async () => {
    desk.close();
    const emulators = await Promise.allSettled(started.values());
    await Promise.all(
      emulators.map((emulator) => (emulator.status === 'fulfilled' ? emulator.value?.stop() : undefined)),
    );
  };
}
