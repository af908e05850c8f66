import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Health } from '../../../bin/cli/serve/health.ts';
import { startHeartbeat } from '../../../bin/cli/serve/heartbeat.ts';

test('alive while the loop turns and every database can be asked; no path and no address is shown', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const homes = [
    { home: '/secret/a', trouble: null },
    { home: '/secret/b', trouble: null as string | null },
  ];
  const health = new Health(() => homes);
  expect(health.answer({ feeds: 2 })).toMatchObject({ status: 200, type: 'application/json' });
  homes[1]!.trouble = 'DATABASE_UNAVAILABLE';
  const { status, body } = health.answer({ feeds: 2 });
  expect([status, body.includes('secret')]).toEqual([503, false]);
  expect(JSON.parse(body)).toEqual({
    alive: false,
    seconds_since_turn: 0,
    databases: 2,
    databases_unreachable: 1,
    feeds: 2,
  });
  homes[1]!.trouble = null;
  vi.advanceTimersByTime(121_000);
  expect(health.isWell).toBe(false);
  health.turned();
  expect(health.isWell).toBe(true);
});

test('the heartbeat is asked while all is well; what is wrong is said without its address', async () => {
  let asked = 0;
  let status = 200;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status, { location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key-of-mine`;
  const said: string[] = [];
  const begin = (isWell: boolean) => startHeartbeat(url, { isWell: () => isWell, say: (text) => said.push(text) });

  begin(false)();
  begin(true)();
  await expect.poll(() => asked).toBe(1);
  status = 404;
  begin(true)();
  await expect.poll(() => said).toEqual(['the heartbeat was not taken: it answered 404']);
  status = 302;
  begin(true)();
  await expect.poll(() => said[1]).toBe('the heartbeat was not taken: it could not be reached');
  expect(said.join()).not.toContain('key-of-mine');
});
