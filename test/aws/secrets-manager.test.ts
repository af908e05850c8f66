import { expect, test } from 'vitest';
import { secretsManager } from '../../lib/aws/secrets-manager.ts';
import { startVault } from '../support/aws/vault.ts';

const stored: Record<string, string> = {
  'shop/vendor': 'plain text, not JSON',
  'shop/all': '{"password": "canary", "port": 21}',
};

test('reads a secret, or one key of it, as it is now', async () => {
  const read = secretsManager((await startVault(stored)).config);

  expect(await read('shop/vendor')).toBe('plain text, not JSON');
  expect(await read('shop/all#password')).toBe('canary');
  stored['shop/vendor'] = 'rotated';
  expect(await read('shop/vendor')).toBe('rotated');
});

test.each([
  ['absent', /the secret absent cannot be read: ResourceNotFoundException/],
  ['shop/all#user', /it has no text under the key user/],
  ['shop/all#port', /it has no text under the key port/],
  ['shop/vendor#password', /it has no text under the key password/],
])('%s is SECRET_MISSING, without a word of the content', async (reference, message) => {
  const read = secretsManager((await startVault(stored)).config);

  const error = await read(reference).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ name: 'SECRET_MISSING', message: expect.stringMatching(message) });
  expect(JSON.stringify([error, (error as Error).stack, (error as Error).cause ?? ''])).not.toMatch(
    /canary|plain|rotated/,
  );
});
