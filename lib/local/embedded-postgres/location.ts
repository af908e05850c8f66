import { chmod, lstat, mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenToAll, type ServerUser } from './server-user.ts';

/** A temporary folder that survives a reboot, unlike /tmp. */
const LASTING_TEMPORARY = '/var/tmp';
const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The folder for data and copied binaries. It is `state`, if the server's user can reach it. Otherwise (for root, in a private folder) it is
 * a folder of root's below the system's temporary folder, and its path is stored in `state`.
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

/** Protects the folder from programs that clean temporary folders: they remove files that nobody used for days, and would ruin the database. */
export async function keepFromCleaners(folder: string): Promise<void> {
  const now = new Date();
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.map((name) => utimes(join(folder, name), now, now).catch(() => {})));
}

/** Whether we own the folder and nobody else can change it. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & WRITABLE_BY_OTHERS) === 0;
}

async function temporaryFolder(): Promise<string> {
  const lasting = await stat(LASTING_TEMPORARY).catch(() => undefined);
  return lasting && (lasting.mode & STICKY) !== 0 ? LASTING_TEMPORARY : tmpdir();
}
