import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A new folder of this process below `base`. Those that killed processes of this host left, maybe full, are removed. */
export async function openScratch(base: string): Promise<string> {
  await mkdir(base, { recursive: true });
  for (const name of await readdir(base)) {
    // Another starter may sweep the same folder at the same time.
    if (isAbandoned(name)) await rm(join(base, name), { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(base, `${PREFIX}${process.pid}-`));
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
