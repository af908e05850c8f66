import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** LocalStack 4.14.0 is written for 3.13; what it misses in 3.12 its starter supplies. In 3.11 its syntax is unknown. Spark 4.1 takes both. */
const VERSIONS = ['3.13', '3.12'];

export const NO_PYTHON = `no Python ${VERSIONS.join(' or ')} with venv, on the path or among pyenv's`;

export interface PythonHome {
  /** Where environments are made. */
  readonly folder: string;
  /** Where pyenv keeps its versions. */
  readonly pyenv: string;
  /** Runs `work` while no other process does so in the same folder. */
  exclusively<T>(folder: string, work: () => Promise<T>): Promise<T>;
  say(text: string): void;
}

/**
 * The Python of an environment that holds exactly these requirements, made by the first who asks: it takes half a minute.
 * Others wait, other processes too. `undefined` without a Python that can make it.
 */
export async function pythonEnvironment(
  name: string,
  requirements: URL,
  home: PythonHome,
): Promise<string | undefined> {
  const base = await usablePython(home.pyenv);
  if (base === undefined) return undefined;
  const pinned = await readFile(requirements);
  const id = createHash('sha256').update(base).update(pinned).digest('hex').slice(0, 12);
  const folder = join(home.folder, `python-${name}-${id}`);
  const python = join(folder, 'bin', 'python');
  const finished = join(folder, 'finished');
  if (existsSync(finished)) return python;
  const locks = `${folder}.locks`;
  await mkdir(locks, { recursive: true });
  await home.exclusively(locks, async () => {
    if (existsSync(finished)) return;
    home.say(`installing ${name} into ${folder} (once)`);
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

const found = new Map<string, Promise<string | undefined>>();

/** The newest that can make environments. */
export function usablePython(pyenv: string): Promise<string | undefined> {
  const known = found.get(pyenv) ?? firstUsable(pyenv);
  found.set(pyenv, known);
  return known;
}

async function firstUsable(pyenv: string): Promise<string | undefined> {
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
