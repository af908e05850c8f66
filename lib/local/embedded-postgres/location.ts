import { chmod, lstat, mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenToAll, type ServerUser } from './server-user.ts';

/** Survives a reboot, unlike /tmp. */
const LASTING_TEMPORARY = '/var/tmp';
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The folder for data and copied binaries: `state` itself, or, when the server's user cannot get there (root below a
 * private folder), one of root's own under the system's temporary folder, remembered in `state`.
 */
export async function location(
  state: string,
  user: ServerUser | undefined,
  say: (text: string) => void,
): Promise<string> {
  if (!user) return state;
  const memory = join(state, 'location');
  const remembered = await readFile(memory, 'utf8').catch(() => undefined);
  if (remembered !== undefined) {
    if (await isOurs(remembered)) return remembered;
    say(`The database that lay in ${remembered} is gone; a new one begins empty.`);
  } else if (await isOpenToAll(state)) {
    return state;
  }
  const folder = await mkdtemp(join(await temporaryFolder(), 'nightfeed-postgres-'));
  await chmod(folder, 0o711);
  await writeFile(memory, folder);
  say(`PostgreSQL cannot run as root nor read ${state} as another user: its data lie in ${folder}.`);
  return folder;
}

/** Cleaners of temporary folders remove single files that nobody touched for days, which would ruin a database. */
export async function keepFromCleaners(folder: string): Promise<void> {
  const now = new Date();
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.map((name) => utimes(join(folder, name), now, now).catch(() => {})));
}

/** Nobody else may have made or be able to change it. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & WRITABLE_BY_OTHERS) === 0;
}

async function temporaryFolder(): Promise<string> {
  const lasting = await stat(LASTING_TEMPORARY).catch(() => undefined);
  return lasting && (lasting.mode & STICKY) !== 0 ? LASTING_TEMPORARY : tmpdir();
}
