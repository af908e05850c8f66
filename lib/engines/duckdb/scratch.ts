import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { NightfeedError } from '../../core/errors.ts';
import { removeLent } from '../common/lent-folder.ts';

/** Makes a new folder for this process below `base`, and removes the folders of killed processes of this host. */
export async function openScratch(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  await checkOwn(base);
  for (const name of await readdir(base)) {
    // Another process may be removing the same folder.
    if (isAbandoned(name)) await removeScratch(join(base, name)).catch(() => {});
  }
  return mkdtemp(join(base, `${PREFIX}${process.pid}-`));
}

/** Removes a scratch folder, in which root may have lent folders to another user. */
export async function removeScratch(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) await rm(folder, { recursive: true, force: true });
  else if (existsSync(folder)) await removeLent(folder);
}

/** In a temporary folder of the system somebody else may have made the folder, or a link in its place, and would own its content. */
async function checkOwn(base: string): Promise<void> {
  const me = process.getuid?.();
  const owners = await Promise.all([lstat(base), stat(base)]);
  const other = owners.find(({ uid }) => me !== undefined && uid !== me);
  if (other)
    throw new NightfeedError('OTHER_USER', `the scratch folder ${base} belongs to the user with number ${other.uid}`, {
      hint: 'Remove it, or set NIGHTFEED_SCRATCH or NIGHTFEED_HOME to a folder of your own.',
    });
}

/** The name has the host, because containers that share a folder do not see one another's processes. */
const PREFIX = `duckdb-${hostname().replace(/[^A-Za-z0-9]/g, '_')}-`;

/** When another process has the same id by now, the folder is removed later. */
function isAbandoned(name: string): boolean {
  const pid = name.startsWith(PREFIX) ? /^(\d+)-[^-]+$/.exec(name.slice(PREFIX.length))?.[1] : undefined;
  return pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
