import { readFileSync } from 'node:fs';
import { NightfeedError } from '../../../lib/core/errors.ts';

/** The name of a user for messages, or its number where the machine's own list does not have it. */
export function userName(uid: number): string {
  return namesIn('/etc/passwd').find(([, , id]) => Number(id) === uid)?.[0] ?? `number ${uid}`;
}

/** The number of a group by its name or number. A group that only a directory service knows needs its number. Throws USAGE. */
export function groupNumber(group: string): number {
  const found = /^\d+$/.test(group) ? group : namesIn('/etc/group').find(([name]) => name === group)?.[2];
  if (found !== undefined) return Number(found);
  throw new NightfeedError('USAGE', `NIGHTFEED_GROUP: received ${JSON.stringify(group)}, which is not in /etc/group`, {
    hint: 'Give the name of a group of this machine, or the number of any.',
  });
}

/** Not a user: to the kernel this number means "no change", so that the process would stay root. */
const NO_ID = 2 ** 32 - 1;

/**
 * The account for an engine. Refuses root, accounts with root's rights, and the user of the embedded PostgreSQL, which owns its files. For
 * a number without an account, the group has the same number. Throws USAGE.
 */
export function engineAccount(user: string): { readonly uid: number; readonly gid: number } {
  const isNumber = /^\d+$/.test(user);
  const known = namesIn('/etc/passwd').find(([name, , id]) => (isNumber ? Number(id) === Number(user) : name === user));
  const [name, , uid, gid] = known ?? [user, '', user, user];
  const [found, group] = [Number(uid), Number(gid)];
  if (found > 0 && group > 0 && Math.max(found, group) < NO_ID && name !== 'nobody') return { uid: found, gid: group };
  const reason = known || isNumber ? 'has rights or files of others' : 'is not in /etc/passwd';
  throw new NightfeedError('USAGE', `NIGHTFEED_ENGINE_USER: received ${JSON.stringify(user)}, which ${reason}`, {
    hint: 'Give the name or the number of a user that has nothing, and that nothing else runs as; or leave it out.',
  });
}

function namesIn(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.split(':'));
  } catch {
    return [];
  }
}
