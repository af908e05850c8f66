import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { runMessage } from '../../../lib/core/run/message.ts';
import { isPrivateOnTheWay } from '../../../lib/notifiers/common/address.ts';
import { webhookNotifier } from '../../../lib/notifiers/webhook/webhook.ts';
import { hookServer } from '../../support/vendors/hook-server.ts';

const secret = `whsec_${Buffer.from('a secret of more than 24 bytes').toString('base64')}`;
const message = runMessage({
  run: { feed: 'shop', date: '2026-11-20', revision: 1 },
  state: 'held',
  changeSet: 'abc',
  tables: {},
});

test('a library of the standard verifies what came, and refuses it altered', async () => {
  const { url, taken, close } = await hookServer();
  await webhookNotifier({ url, secret }).send(message);
  await close();
  const [{ headers, body }] = taken as [(typeof taken)[number]];
  const known = headers as Record<string, string>;
  const verified = new Webhook(secret).verify(body, known);
  expect(verified).toMatchObject({ type: 'run.held', data: { id: message.id, feed: 'shop', severity: 'error' } });
  expect(headers['webhook-id']).toBe(message.id);
  expect(() => new Webhook(secret).verify(body.replace('held', 'published'), known)).toThrow();
  const old = { ...known, 'webhook-timestamp': String(Number(known['webhook-timestamp']) - 301) };
  expect(() => new Webhook(secret).verify(body, old)).toThrow();
});

test.each(['whsec_c2hvcnQ=', 'text of more than 24 characters', `whsec_${'no base64! '.repeat(5)}`])(
  'the secret %s is refused: it could be guessed, or no library would read it',
  (of) => {
    expect(() => webhookNotifier({ url: 'http://localhost', secret: of })).toThrow('is not whsec_ and base64');
  },
);

test.each([
  ['https://example.com/hook', true],
  ['http://127.0.0.1:8080', true],
  ['http://example.com', false],
  ['file:///etc/passwd', false],
  ['no address', false],
])('%s is private on the way: %s', (address, expected) => {
  expect(isPrivateOnTheWay(address)).toBe(expected);
});
