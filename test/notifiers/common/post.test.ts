import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { post } from '../../../lib/notifiers/common/post.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';

test('a refusal is told with its status and the beginning of the answer, never with the address', async () => {
  const { url, answers, close } = await hookServer();
  Object.assign(answers, { status: 404, body: 'no_service\n\u202e' });
  const thrown = await post({ of: 'Slack', url: `${url}/T0/SECRET`, body: '{}' }).catch((error: Error) => error);
  await close();
  expect(thrown).toMatchObject({
    name: 'MESSAGE_REFUSED',
    message: 'Slack did not take the message: it answered 404 "no_service \\u{202e}"',
  });
  expect(answers.asked).toBe(1);
});

test('a page that repeats the address does not repeat its secret, and is told by its words', async () => {
  const { url, answers, close } = await hookServer();
  Object.assign(answers, {
    status: 404,
    body: '<html><pre>Cannot POST /hook/T0/TOPSECRET</pre> of TOP%53ECRET</html>',
  });
  const thrown = await post({ of: 'Slack', url: `${url}/T0/TOP%53ECRET`, body: '{}' }).catch((error: Error) => error);
  await close();
  expect(String(thrown)).not.toContain('SECRET');
  expect(thrown).toMatchObject({ message: expect.stringContaining('it answered 404 "Cannot POST ') });
});

test.each([
  [413, 'MESSAGE_REFUSED'],
  [400, 'MESSAGE_REFUSED'],
  [408, 'NOTIFIER_UNAVAILABLE'],
  [503, 'NOTIFIER_UNAVAILABLE'],
])('an empty answer %i is %s, and says nothing more', async (status, name) => {
  const { url, answers, close } = await hookServer();
  answers.status = status;
  await expect(post({ of: 'it', url, body: '{}' })).rejects.toMatchObject({
    name,
    message: `it did not take the message: it answered ${status}`,
  });
  await close();
});

test('a receiver that is busy for a moment is asked again', async () => {
  const { url, taken, answers, close } = await hookServer();
  Object.assign(answers, { status: 429, headers: { 'retry-after': '1' } });
  const sent = post({ of: 'it', url, body: '{"a":1}' });
  await expect.poll(() => answers.asked).toBe(1);
  answers.status = 202;
  await sent;
  await close();
  expect(taken.map(({ body }) => body)).toEqual(['{"a":1}']);
});

test('nobody at the address is a refusal by name', async () => {
  const { url, close } = await hookServer();
  await close();
  await expect(post({ of: 'it', url, body: '{}' })).rejects.toThrow('it did not take the message: ECONNREFUSED');
});

test('a message is not handed on to another address', async () => {
  const other = await hookServer();
  const { url, answers, close } = await hookServer();
  Object.assign(answers, { status: 307, headers: { location: other.url } });
  await expect(post({ of: 'it', url, body: '{}' })).rejects.toMatchObject({ name: 'NOTIFIER_UNAVAILABLE' });
  await close();
  await other.close();
  expect(other.taken).toEqual([]);
});

test('an answer without end does not fill the memory, and is given up', { timeout: 30_000 }, async () => {
  const server = createServer((_request, response) => {
    response.writeHead(500);
    const flood = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', flood);
    };
    flood();
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = process.memoryUsage().rss;
  await expect(post({ of: 'it', url, body: '{}' })).rejects.toMatchObject({ name: 'NOTIFIER_UNAVAILABLE' });
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  server.closeAllConnections();
  server.close();
});
