import { expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { Source } from '../../lib/ports/source.ts';
import { withRelogin } from '../../lib/sources/common/relogin.ts';
import { inMemorySource } from '../support/in-memory/source.ts';

/** Lets in whoever knows the newest password; `passwords` are what the vault says, reading by reading. */
function vendor(passwords: readonly string[], accepted: string) {
  const tried: string[] = [];
  let readings = 0;
  let closed = 0;
  const readSecrets = async () => ({ password: passwords[Math.min(readings++, passwords.length - 1)]! });
  const open = ({ password }: { password: string }): Source => {
    const source = inMemorySource({ 'a.csv': 'id\n1\n' });
    const logIn = async <T>(answer: () => Promise<T>): Promise<T> => {
      tried.push(password);
      if (password === accepted) return answer();
      throw new NightfeedError('SOURCE_LOGIN', 'refused');
    };
    const close = async () => {
      closed += 1;
    };
    return { ...source, list: () => logIn(source.list), stat: (name) => logIn(() => source.stat(name)), close };
  };
  return { source: () => withRelogin(readSecrets, open), seen: () => ({ tried, readings, closed }) };
}

test('a refused login is tried once more, with the password as it is then', async () => {
  const { source: open, seen } = vendor(['old', 'new'], 'new');
  const source = await open();

  expect((await source.stat('a.csv')).size).toBe(5);
  expect(await source.read('a.csv').toArray()).toEqual([Buffer.from('id\n1\n')]);
  await source.close();

  expect(seen()).toEqual({ tried: ['old', 'new'], readings: 2, closed: 2 });
});

test('a second refusal counts: two logins, never a third', async () => {
  const { source: open, seen } = vendor(['old', 'new', 'newer'], 'newest');
  const source = await open();

  await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN' });
  expect(seen()).toEqual({ tried: ['old', 'new'], readings: 2, closed: 1 });
});

test('the same password is not sent again: that would only bring the account nearer to its lock', async () => {
  const { source: open, seen } = vendor(['wrong'], 'right');
  const source = await open();

  await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN' });
  expect(seen()).toEqual({ tried: ['wrong'], readings: 2, closed: 0 });
});
