import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** LocalStack 4.14.0 needs 3.13; our starter supplies what it misses in 3.12, but 3.11 cannot parse it. Spark 4.1 runs on both. */
const VERSIONS = ['3.13', '3.12'];

export const NO_PYTHON = `no Python ${VERSIONS.join(' or ')} with venv, on the path or among pyenv's`;

export interface PythonHome extends PythonSearch {
  /** Where environments are made. */
  readonly folder: string;
  /** Runs `work` while no other process does so in the same folder. */
  exclusively<T>(folder: string, work: () => Promise<T>): Promise<T>;
  say(text: string): void;
}

export interface PythonSearch {
  /** Where pyenv keeps its versions. */
  readonly pyenv: string;
  /** The environment for Python and pip: `installerEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables that Python and pip need: to find programs, and to reach the package index. */
const NEEDED = [
  ...['PATH', 'HOME', 'TMPDIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'PYENV_ROOT', 'PYENV_VERSION'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE'],
];
const WAY_TO_THE_INDEX = /^PIP_|^(https?|all|no)_proxy$/i;

/** Building a package runs its authors' code, so pip gets no variable that may have a database login, a key or a secret. */
export function installerEnvironment(whole: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(whole).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (NEEDED.includes(entry[0]) || WAY_TO_THE_INDEX.test(entry[0])),
    ),
  );
}

/**
 * A file of requirements names every package with version and hash, so that nothing is resolved, and the environment will be the same
 * next year. Only packages under `--no-binary` are built, and only with packages that are installed already, because pip checks no
 * hashes of what it fetches for a build.
 */
const EXACTLY = [
  ...['--require-hashes', '--no-deps', '--only-binary', ':all:', '--use-pep517', '--no-build-isolation'],
  ...['--quiet', '--disable-pip-version-check'],
];

/**
 * The Python of an environment with exactly these requirements. The first caller makes it, which takes half a minute; other callers, in
 * other processes too, wait. The files are installed in order, so that packages needed to build others come first. `undefined` when
 * there is no Python that can make environments.
 */
export async function pythonEnvironment(
  name: string,
  requirements: readonly URL[],
  home: PythonHome,
): Promise<string | undefined> {
  const base = await usablePython(home);
  if (base === undefined) return undefined;
  const hash = createHash('sha256').update(base);
  for (const file of requirements) hash.update(await readFile(file));
  const id = hash.digest('hex').slice(0, 12);
  const folder = join(home.folder, `python-${name}-${id}`);
  const python = join(folder, 'bin', 'python');
  const finished = join(folder, 'finished');
  if (existsSync(finished)) return python;
  const locks = `${folder}.locks`;
  await mkdir(locks, { recursive: true });
  const options = { env: home.environment };
  await home.exclusively(locks, async () => {
    if (existsSync(finished)) return;
    home.say(`installing ${name} into ${folder} (once)`);
    await rm(folder, { recursive: true, force: true });
    await run(base, ['-m', 'venv', folder], options);
    for (const file of requirements)
      await run(python, ['-m', 'pip', 'install', ...EXACTLY, '--requirement', fileURLToPath(file)], options);
    await writeFile(finished, '');
  });
  return python;
}

const found = new Map<string, Promise<string | undefined>>();

/** The newest Python that can make environments. */
export function usablePython(search: PythonSearch): Promise<string | undefined> {
  const known = found.get(search.pyenv) ?? firstUsable(search);
  found.set(search.pyenv, known);
  return known;
}

async function firstUsable({ pyenv, environment }: PythonSearch): Promise<string | undefined> {
  for (const version of VERSIONS) {
    const installed = globSync(join(pyenv, 'versions', `${version}.*`, 'bin', 'python'));
    for (const command of [`python${version}`, 'python3', ...installed]) {
      if (await isUsable(command, version, environment)) return command;
    }
  }
  return undefined;
}

/** Debian's Python lacks ensurepip until python3-venv is installed; pyenv's shims answer only for the chosen version. */
async function isUsable(command: string, version: string, env: PythonSearch['environment']): Promise<boolean> {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  return run(command, ['-c', probe], { env }).then(
    ({ stdout }) => stdout.trim() === version,
    () => false,
  );
}
