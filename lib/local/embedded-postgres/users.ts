import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, ownIdentity, parseIdentity } from './process-identity.ts';

/** Who uses the server: a file each. Call these under the lock only. */
export async function addUser(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const user = join(folder, randomUUID());
  await writeFile(user, JSON.stringify(ownIdentity()));
  return user;
}

/** Forgets `user` and all who died without leaving; true when nobody is left. */
export async function removeUser(folder: string, user: string): Promise<boolean> {
  await rm(user, { force: true });
  let left = 0;
  for (const name of await readdir(folder)) {
    const other = join(folder, name);
    const identity = parseIdentity(await readFile(other, 'utf8'));
    if (identity && isAlive(identity)) left++;
    else await rm(other, { force: true });
  }
  return left === 0;
}
