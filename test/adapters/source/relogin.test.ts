import { expect, test } from 'vitest';
import { withRelogin } from '../../../lib/adapters/source/relogin.ts';
import { NightfeedError } from '../../../lib/core/errors.ts';
import type { Source } from '../../../lib/steps/ports.ts';
import { memorySource } from '../../support/memory-source.ts';

/** Refuses the first logins. */
function changing(refusals: number) {
  const passwords: number[] = [];
  let closed = 0;
  const open = async (): Promise<Source> => {
    const password = passwords.push(passwords.length);
    const source = memorySource({ 'a.csv': 'id\n1\n' });
    const refused = async () => {
      throw new NightfeedError('SOURCE_LOGIN', 'refused');
    };
    const close = async () => {
      closed += 1;
    };
    return password <= refusals ? { ...source, list: refused, stat: refused, close } : { ...source, close };
  };
  return { open, seen: () => ({ opened: passwords.length, closed }) };
}

test('a refused login is tried once more, with the password as it is then', async () => {
  const { open, seen } = changing(1);
  const source = await withRelogin(open);

  expect((await source.stat('a.csv')).size).toBe(5);
  expect(await source.read('a.csv').toArray()).toEqual([Buffer.from('id\n1\n')]);
  await source.close();

  expect(seen()).toEqual({ opened: 2, closed: 2 });
});

test('a second refusal counts', async () => {
  const { open, seen } = changing(2);
  const source = await withRelogin(open);

  await expect(source.list()).rejects.toMatchObject({ name: 'SOURCE_LOGIN' });
  expect(seen()).toEqual({ opened: 2, closed: 1 });
});
