import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { NightfeedError } from '../../core/errors.ts';
import { removeLent } from '../common/lent-folder.ts';

/** A new folder of this process below `base`. Those that killed processes of this host left, maybe full, are removed. */
export async function openScratch(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  await checkOwn(base);
  for (const name of await readdir(base)) {
    // Another starter may sweep the same folder at the same time.
    if (isAbandoned(name)) await removeScratch(join(base, name)).catch(() => {});
  }
  return mkdtemp(join(base, `${PREFIX}${process.pid}-`));
}

/** Root lends folders in it to another user. */
export async function removeScratch(folder: string): Promise<void> {
  if (process.getuid?.() !== 0) await rm(folder, { recursive: true, force: true });
  else if (existsSync(folder)) await removeLent(folder);
}

/** In a temporary folder anybody may have made it first, or a link in its place, and would own all that comes into it. */
async function checkOwn(base: string): Promise<void> {
  const me = process.getuid?.();
  const owners = await Promise.all([lstat(base), stat(base)]);
  const other = owners.find(({ uid }) => me !== undefined && uid !== me);
  if (other)
    throw new NightfeedError('OTHER_USER', `the scratch folder ${base} belongs to the user with number ${other.uid}`, {
      hint: 'Remove it, or set NIGHTFEED_SCRATCH or NIGHTFEED_HOME to a folder of your own.',
    });
}

/** With the host: containers that share a folder do not see one another's processes. */
const PREFIX = `duckdb-${hostname().replace(/[^A-Za-z0-9]/g, '_')}-`;

/** A later process with the same id only puts the removal off. */
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
