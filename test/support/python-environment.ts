import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../../lib/adapters/embedded-postgres/lock.ts';

const run = promisify(execFile);

/** Goes when dependencies are installed anew, like all else that is installed. */
const HOME = fileURLToPath(new URL('../../node_modules/.cache/nightfeed/', import.meta.url));

/** LocalStack 4.14.0 is written for 3.13; what it misses in 3.12 its starter supplies. In 3.11 its syntax is unknown. */
const VERSIONS = ['3.13', '3.12'];

export const NO_PYTHON = `no Python ${VERSIONS.join(' or ')} with venv, on the path or among pyenv's`;

/**
 * The Python of an environment that holds exactly these requirements, made by the first who asks: LocalStack's takes half
 * a minute. Others wait, other processes too. `undefined` without a Python that can make it.
 */
export async function pythonEnvironment(name: string, requirements: URL, home = HOME): Promise<string | undefined> {
  const base = await usablePython();
  if (base === undefined) return undefined;
  const pinned = await readFile(requirements);
  const id = createHash('sha256').update(base).update(pinned).digest('hex').slice(0, 12);
  const folder = join(home, `python-${name}-${id}`);
  const python = join(folder, 'bin', 'python');
  const finished = join(folder, 'finished');
  if (existsSync(finished)) return python;
  const locks = `${folder}.locks`;
  await mkdir(locks, { recursive: true });
  await withLock(locks, async () => {
    if (existsSync(finished)) return;
    process.stderr.write(`nightfeed tests: installing ${name} into ${folder} (once)\n`);
    await rm(folder, { recursive: true, force: true });
    await run(base, ['-m', 'venv', folder]);
    // The file names everything, with versions: nothing to resolve, and the same environment next year.
    const exactly = [
      '--no-deps',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      fileURLToPath(requirements),
    ];
    await run(python, ['-m', 'pip', 'install', ...exactly]);
    await writeFile(finished, '');
  });
  return python;
}

let found: Promise<string | undefined> | undefined;

/** The newest that can make environments. */
export function usablePython(): Promise<string | undefined> {
  found ??= firstUsable();
  return found;
}

async function firstUsable(): Promise<string | undefined> {
  const pyenv = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');
  for (const version of VERSIONS) {
    const installed = globSync(join(pyenv, 'versions', `${version}.*`, 'bin', 'python'));
    for (const command of [`python${version}`, 'python3', ...installed]) {
      if (await isUsable(command, version)) return command;
    }
  }
  return undefined;
}

/** Debian's Python lacks ensurepip until python3-venv is installed; pyenv's shims answer only for the chosen version. */
async function isUsable(command: string, version: string): Promise<boolean> {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  return run(command, ['-c', probe]).then(
    ({ stdout }) => stdout.trim() === version,
    () => false,
  );
}
