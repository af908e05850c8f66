import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unavailable } from './unavailable.ts';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const UNPRIVILEGED = 'nobody';
const OTHERS_MAY_ENTER = 0o001;

/** Whom the server runs as: PostgreSQL refuses root, so root lends it `nobody`; undefined means the caller itself. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8');
  const match = new RegExp(`^${UNPRIVILEGED}:[^:]*:(-?\\d+):(-?\\d+):`, 'm').exec(users);
  if (!match) throw unavailable(`PostgreSQL refuses to run as root, and /etc/passwd has no user "${UNPRIVILEGED}"`);
  return { uid: Number(match[1]), gid: Number(match[2]) };
}

/** Whether a user without rights of its own gets into `folder`, which needs every folder above it too. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  for (let current = folder; ; current = dirname(current)) {
    if (((await stat(current)).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (dirname(current) === current) return true;
  }
}
