import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unavailable } from './unavailable.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const UNPRIVILEGED = 'nobody';
const OTHERS_MAY_ENTER = 0o001;

/** The user of the server. PostgreSQL refuses to run as root, so root runs it as `nobody`; undefined means the present user. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8');
  const match = new RegExp(`^${UNPRIVILEGED}:[^:]*:(-?\\d+):(-?\\d+):`, 'm').exec(users);
  if (!match) throw unavailable(`PostgreSQL refuses to run as root, and /etc/passwd has no user "${UNPRIVILEGED}"`);
  return { uid: Number(match[1]), gid: Number(match[2]) };
}

/** Whether a user without any rights can enter `folder` and every folder above it. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  for (let current = folder; ; current = dirname(current)) {
    if (((await stat(current)).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (dirname(current) === current) return true;
  }
}
