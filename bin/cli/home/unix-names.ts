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

function namesIn(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.split(':'));
  } catch {
    return [];
  }
}
