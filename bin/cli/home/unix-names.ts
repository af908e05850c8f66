import { readFileSync } from 'node:fs';
import { NightfeedError } from '../../../lib/core/errors.ts';

/** For messages: the name of a user, or its number where the machine's own list has none. */
export function userName(uid: number): string {
  return namesIn('/etc/passwd').find(([, , id]) => Number(id) === uid)?.[0] ?? `number ${uid}`;
}

/** The number of a group; one that only a directory service knows is given by its number. Throws USAGE. */
export function groupNumber(group: string): number {
  const found = /^\d+$/.test(group) ? group : namesIn('/etc/group').find(([name]) => name === group)?.[2];
  if (found !== undefined) return Number(found);
  throw new NightfeedError('USAGE', `NIGHTFEED_GROUP: received ${JSON.stringify(group)}, which is not in /etc/group`, {
    hint: 'Give the name of a group of this machine, or the number of any.',
  });
}

/** Of no file and no process: to the kernel it means "as before", which is root. */
const NO_ID = 2 ** 32 - 1;

/**
 * Whom an engine may run as: nobody who has rights of root's, nor whom the files of the embedded PostgreSQL belong to. A
 * number without an account is its own group's, too. Throws USAGE.
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
