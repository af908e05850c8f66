import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Listening, listen, type Routes } from '../../../lib/local/http/listen.ts';

const routes: Routes = {
  '/healthz': () => ({ status: 200, type: 'application/json', body: '{"alive":true}\n' }),
  '/broken': () => Promise.reject(new Error('a secret')),
};

async function opened(): Promise<Listening & { readonly url: string }> {
  const listening = await listen({ host: '127.0.0.1', port: 0 }, routes);
  onTestFinished(() => listening.close());
  return { ...listening, url: `http://127.0.0.1:${listening.address.port}` };
}

test('answers GET and HEAD of its paths, and nothing else', async () => {
  const { url } = await opened();
  const found = await fetch(`${url}/healthz?x=1`);
  expect([found.status, await found.json(), found.headers.get('cache-control')]).toEqual([
    200,
    { alive: true },
    'no-store',
  ]);
  const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await fetch(`${url}/healthz`, { method: 'POST', body: 'x' })).status).toBe(405);
  for (const path of ['/', '/constructor', '/__proto__', '/healthz/', '/..%2f'])
    expect((await fetch(url + path)).status, path).toBe(404);
});

test('a failure says nothing of itself', async () => {
  const { url } = await opened();
  const found = await fetch(`${url}/broken`);
  expect([found.status, await found.text()]).toEqual([500, 'this could not be answered\n']);
});

test('too long a head is cut off, and the next request answered', async () => {
  const { url, address } = await opened();
  const answer = await said(address.port, `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 431 /);
  expect(await said(address.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('an address that is taken is refused by name', async () => {
  const { address } = await opened();
  await expect(listen(address, routes)).rejects.toMatchObject({
    name: 'USAGE',
    message: `cannot listen at 127.0.0.1:${address.port}: EADDRINUSE`,
  });
});

function said(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(answer));
  });
}
